// The panel that cites a text, a paragraph or a passage. Loaded when one first cites.
"use strict";
(() => {
  const { make, one, all, say } = archive.tools;
  const body = one(".body");
  const ASIDE = ".call, .remark-call, .pop, .permalink, .source-link, .note-kind";
  const PARTS = ".body :is(p, li, h2, h3, h4)[id], .notes li[id]";
  let panel = null;

  // The words of a range as one quotes them: without calls, a paragraph a line.
  function quoted(range) {
    const words = range.cloneContents();
    all(ASIDE, words).forEach((part) => part.remove());
    const blocks = all("p, li, h2, h3, h4", words).filter((block) => !one("p", block));
    const lines = blocks.length ? blocks.map((block) => block.textContent) : [words.textContent];
    return lines
      .map((line) => line.replace(/[\u2060\u00ad]/g, "").replace(/[ \n\t]+/g, " ").trim())
      .filter(Boolean)
      .map((line) => line.replace(/«[\s\u202f\u00a0]*/g, "“").replace(/[\s\u202f\u00a0]*»/g, "”"))
      .join("\n");
  }

  // The original's page at a place: that of the last mark before it.
  function pageAt(node, offset) {
    const here = document.createRange();
    here.setStart(node, offset);
    const marks = all(".page-break", body).filter((mark) => here.comparePoint(mark, 0) < 0);
    return marks.length ? marks.at(-1).dataset.page : "";
  }

  const fromTo = (one, other) => (one === other || !other ? one : one ? one + "–" + other : other);

  // Where a range is, as a reference says it: “alinéa 12, p. 7 de l’original”.
  function locator(range, first, last) {
    const note = first.closest(".notes li");
    if (note) return "note\u00a0" + one(".note-label", note).textContent;
    const number = (block) => one(":scope > .permalink", block)?.dataset.n ?? "";
    const [from, to] = [number(first), number(last)];
    const places = [];
    if (from || to) places.push((from && to && from !== to ? "alinéas\u00a0" : "alinéa\u00a0") + fromTo(from, to));
    const page = fromTo(pageAt(range.startContainer, range.startOffset), pageAt(range.endContainer, range.endOffset));
    if (page) places.push("p.\u00a0" + page + " de l’original");
    return places.join(", ");
  }

  // The page's address on the web: the archive's own, or the one it is read at; none on a disk.
  function address(id) {
    const page = one(".reference .url")?.textContent || (location.protocol === "file:" ? "" : location.href.split(/[?#]/)[0]);
    return page && page + (id ? "#" + encodeURIComponent(id) : "");
  }

  function reference(style, where, link) {
    const made = style.cloneNode(true);
    one("[data-locator]", made).replaceWith(where ? ", " + where : "");
    const url = one(".url", made);
    if (url) url.textContent = link;
    else if (link) {
      made.append(make("span", {}, made.textContent.endsWith(".") ? " " : ". ", make("span", { class: "url" }, link)));
    }
    return make("p", {}, ...made.childNodes);
  }

  async function copy(text, html, what) {
    const plain = new Blob([text], { type: "text/plain" });
    try {
      await navigator.clipboard.write([new ClipboardItem({ "text/plain": plain, "text/html": new Blob([html], { type: "text/html" }) })]);
    } catch {
      try { await navigator.clipboard.writeText(text); } catch { return say("Ce navigateur ne laisse pas copier\u202f: sélectionnez la référence."); }
    }
    panel.status.textContent = what;
  }

  function button(words, act) {
    const made = make("button", { type: "button", class: "copy" }, words);
    made.addEventListener("click", act);
    return made;
  }

  function shown(title, words, where, link) {
    panel ??= document.body.appendChild(make("div", { class: "panel cite-panel", id: "citer_ici", popover: "", role: "dialog", "aria-labelledby": "citer_quoi" }));
    panel.status = make("p", { class: "copied", role: "status" });
    const close = make("button", { class: "close", type: "button", "aria-label": "Fermer" }, "×");
    close.addEventListener("click", () => panel.hidePopover());
    const quote = words && "«\u202f" + words + "\u202f»";
    panel.replaceChildren(make("p", { class: "contents-title", id: "citer_quoi" }, title), close);
    if (quote) panel.append(make("blockquote", {}, ...quote.split("\n").map((line) => make("p", {}, line))));
    for (const style of all(".reference .citation")) {
      const said = reference(style, where, link);
      const text = [quote, said.textContent].filter(Boolean).join("\n\n");
      const html = (quote ? make("blockquote", {}, quote).outerHTML : "") + said.outerHTML;
      panel.append(make("div", { class: "style" }, make("p", { class: "style-name" }, style.dataset.style,
        button("Copier", () => copy(text, html, style.dataset.style + "\u00a0: référence copiée"))), said));
    }
    const last = make("p", { class: "more-ways" });
    if (link) last.append(button("Copier le lien", () => copy(link, make("a", { href: link }, link).outerHTML, "Lien copié")));
    for (const file of all("[data-reference]")) last.append(" ", file.cloneNode(true));
    panel.append(last, panel.status);
    panel.showPopover();
    one("button.copy", panel)?.focus({ preventScroll: true });
  }

  // Cites the text (no range), a paragraph, or what is selected.
  archive.cite = (range, block) => {
    if (!range && !block) return shown("Citer ce texte", "", "", address(""));
    if (!range) {
      range = document.createRange();
      range.setStart(block, block.firstChild.matches?.(".page-break") ? 1 : 0);
      range.collapse(true);
      const where = locator(range, block, block);
      return shown("Citer " + (where ? "l’" + where.split(",")[0] : "cet endroit"), "", where, address(block.id));
    }
    const parts = all(PARTS).filter((part) => range.intersectsNode(part));
    if (!parts.length) return undefined;
    return shown("Citer ce passage", quoted(range), locator(range, parts[0], parts.at(-1)), address(parts[0].id));
  };
})();
