"""Modules that tests share; a package, so that no installed `support` is imported instead."""
