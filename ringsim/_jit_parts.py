"""Compilation of functions that are only ever part of the code of their callers.

numba optimises each function and generates its machine code before it compiles those that call it.
Functions without wrappers need neither: their intermediate code is linked into the callers, which
are optimised as a whole. Without both steps, the first compilation takes a quarter less time
(measured).

`CompilerOfParts`
    The steps of compilation of such a function.
`PartOfCallers`
    Its code.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from llvmlite.binding import parse_bitcode
from numba.core import compiler, typed_passes
from numba.core.codegen import JITCodeLibrary
from numba.core.compiler_machinery import AnalysisPass, register_pass

__all__ = ["CompilerOfParts", "PartOfCallers"]

numbas: Any = compiler  # without types
machine_code: Any = JITCodeLibrary
step: Any = AnalysisPass
registered: Any = register_pass


class PartOfCallers(machine_code):  # type: ignore[misc]  # numba has no types
    """Intermediate code of a function, without machine code."""

    def __init__(self, codegen: Any, name: str) -> None:
        super().__init__(codegen, name)
        self.enable_object_caching()

    @classmethod
    def from_bitcode(cls, codegen: Any, name: str, bitcode: bytes) -> PartOfCallers:
        """Return the code that `serialize_using_object_code` has stored."""
        library = cls(codegen, name)
        library._final_module = parse_bitcode(bitcode)
        library._finalize_final_module()
        return library

    @property
    def codegen(self) -> Any:
        """Code generator that sets no objects, as there is no machine code that refers to them."""
        return SimpleNamespace(set_env=lambda name, environment: None)

    def _optimize_final_module(self) -> None:
        """Leave the code as it is for the callers."""

    def _finalize_final_module(self) -> None:
        self._finalize_dynamic_globals()
        self._finalized = True

    def get_pointer_to_function(self, name: str) -> int:  # noqa: ARG002  # numba's method
        """Return 0, which tells numba that there is no wrapper."""
        self._ensure_finalized()
        return 0

    def serialize_using_object_code(self) -> Any:
        """Return the intermediate code, to be stored on disk."""
        return self.serialize_using_bitcode()


@registered(mutates_CFG=False, analysis_only=True)
class _BeginPart(step):  # type: ignore[misc]
    """Compilation step that makes the library which the code is written to."""

    _name = "ringsim_begin_part"

    def __init__(self) -> None:
        super().__init__()

    def run_pass(self, state: Any) -> bool:
        state.library = PartOfCallers(state.targetctx.codegen(), state.func_id.func_qualname)
        return False


class CompilerOfParts(numbas.CompilerBase):  # type: ignore[misc]
    """numba's steps of compilation, with `PartOfCallers` as the library."""

    def define_pipelines(self) -> list[Any]:
        """Return the only sequence of steps."""
        steps = numbas.DefaultPassBuilder.define_nopython_pipeline(self.state)
        steps.add_pass_after(_BeginPart, typed_passes.AnnotateTypes)
        steps.finalize()
        return [steps]
