// Comfort only: every page says all it has to say without this script.
"use strict";
const archive = (() => {
  const place = document.querySelector("[data-source]");
  let source = null; // block → HTML in the witness's spelling, once loaded
  const corrected = new Map();

  function spelled(name) {
    return document.querySelector(`[data-spelling="${CSS.escape(name)}"]`) || document.getElementById(name);
  }

  function show(fromSource) {
    for (const [name, html] of Object.entries(source)) {
      const block = spelled(name);
      if (!block) continue;
      const kept = block.querySelectorAll(":scope > .source-link, :scope > .note-kind");
      if (!corrected.has(name)) {
        kept.forEach((part) => part.remove());
        corrected.set(name, block.innerHTML);
      }
      block.innerHTML = fromSource ? html : corrected.get(name);
      block.append(...kept);
    }
    document.documentElement.classList.toggle("from-source", fromSource);
    for (const button of place.querySelectorAll("button")) {
      button.setAttribute("aria-pressed", String((button.value === "source") === fromSource));
    }
  }

  function choose(fromSource) {
    if (source) return show(fromSource);
    if (!fromSource) return;
    const script = document.createElement("script");
    script.src = place.dataset.source;
    document.head.append(script);
  }

  if (place) {
    const choice = document.createElement("span");
    choice.className = "switch";
    choice.setAttribute("role", "group");
    choice.setAttribute("aria-label", "Orthographe et ponctuation");
    for (const [value, words] of [["corrected", "Texte corrigé"], ["source", "Texte de la source"]]) {
      const button = document.createElement("button");
      button.type = "button";
      button.value = value;
      button.textContent = words;
      button.setAttribute("aria-pressed", String(value === "corrected"));
      button.addEventListener("click", () => choose(value === "source"));
      choice.append(button);
    }
    place.prepend(choice);
  }

  // A first tap on a corrected word shows its other form, a second follows the link.
  let touched = false;
  document.addEventListener("pointerdown", (event) => { touched = event.pointerType === "touch"; });
  document.addEventListener("click", (event) => {
    const word = event.target.closest("a.emendation");
    const opened = document.querySelector("a.emendation.open");
    if (opened && opened !== word) opened.classList.remove("open");
    if (word && touched && !word.classList.contains("open")) {
      event.preventDefault();
      word.classList.add("open");
    }
  });
  // Escape puts away what a word shows, until the pointer or the focus moves.
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") document.documentElement.classList.add("quiet");
  });
  for (const name of ["pointermove", "focusin"]) {
    document.addEventListener(name, () => document.documentElement.classList.remove("quiet"));
  }

  return { source(spelling) { source = spelling; show(true); } };
})();
