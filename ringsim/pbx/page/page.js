// Results follow the form: each change asks for new ones, and an older request is dropped.
"use strict";

const form = document.getElementById("settings");
const results = document.getElementById("results");
const chart = document.getElementById("chart");
let asked = null;
let timer = 0;

function query() {
  return new URLSearchParams(new FormData(form)).toString();
}

function showNumbers() {
  for (const output of form.querySelectorAll("output")) {
    output.value = form.elements[output.htmlFor.value].value;
  }
}

async function fill(path, place, signal) {
  const answer = await fetch(`${path}?${query()}`, { signal });
  place.innerHTML = await answer.text();
}

async function show() {
  if (asked) asked.abort();
  asked = new AbortController();
  const signal = asked.signal;
  results.classList.add("waiting");
  for (const link of document.querySelectorAll("a.download")) {
    link.search = query();
  }
  history.replaceState(null, "", `/?${query()}`);
  try {
    await fill("/results", results, signal);
    results.classList.remove("waiting");
    await fill("/chart", chart, signal);
  } catch (wrong) {
    if (wrong.name !== "AbortError") {
      results.textContent = "The page's server does not answer. Is ringsim serve still running?";
      results.classList.remove("waiting");
    }
  }
}

form.addEventListener("input", (event) => {
  showNumbers();
  if (event.target.id === "members") {
    const listed = event.target.value.split(",").filter((part) => part.trim());
    form.elements.n_members.value = listed.length;
    showNumbers();
  }
  clearTimeout(timer);
  timer = setTimeout(show, 120);
});

form.addEventListener("change", (event) => {
  if (event.target.id === "group") form.submit(); // another group has other settings
});

form.addEventListener("submit", (event) => {
  event.preventDefault();
  show();
});

fill("/chart", chart);
