// The panel for citing a text, a paragraph or a passage. It is loaded when the reader first selects words
// or asks for a reference.
"use strict";
(() => {
  const { make, one, all, target, findable } = archive.tools;
  const article = one("article.text");
  const ASIDE = ".call, .doubt-call, .pop, .permalink, .source-link, .note-kind, .in-chapter, .credit";
  const CITABLE = ".text-head h1[id], .body :is(p, li, h2, h3, h4, h5, h6)[id]:not(.apparatus *), .notes li[id]";
  let panel = null;

  // The blocks or notes that a range overlaps. A note opened in the text counts as the note.
  function citable(range) {
    const node = range.commonAncestorContainer;
    const note = (node.nodeType === Node.TEXT_NODE ? node.parentElement : node).closest(".pop");
    if (note) return note.call.matches("[role=doc-noteref]") ? [target(note.call)] : [];
    const parts = all(CITABLE, article).filter((part) => {
      const own = document.createRange();
      own.selectNodeContents(part);
      return part.textContent.trim() && range.compareBoundaryPoints(Range.START_TO_END, own) > 0 && range.compareBoundaryPoints(Range.END_TO_START, own) < 0;
    });
    return parts.some((part) => part.closest(".body") && !part.closest(".notes")) ? parts.filter((part) => !part.closest(".notes")) : parts;
  }

  // Words without soft hyphens and extra spaces, with « » as “ ”, since the quotation itself is in « ».
  function clean(words) {
    return words.replace(/[\u2060\u00ad]/g, "").replace(/[ \n\t]+/g, " ").trim()
      .replace(/«[\s\u202f\u00a0]*/g, "“").replace(/[\s\u202f\u00a0]*»/g, "”");
  }

  // The selected words, one line for each paragraph, with the speaker of a quotation if it is included.
  function quoted(range) {
    const words = range.cloneContents();
    all(ASIDE, words).forEach((part) => part.remove());
    all(".thin", words).forEach((space) => space.replaceWith("\u202f"));
    all(".verse > br", words).forEach((end) => end.replaceWith(" /"));
    const blocks = all("p, li, h1, h2, h3, h4, tr, figcaption", words).filter((block) => !one("p", block));
    if (!blocks.length) return [clean(words.textContent)].filter(Boolean);
    return blocks.map((block) => (block.matches("figcaption:not(.caption)") ? "— " : "") + clean(block.textContent)).filter((line) => line && line !== "— ");
  }

  // The page of the original at a node: that of the last page break before it.
  function pageAt(node) {
    const before = (mark) => node.compareDocumentPosition(mark) & Node.DOCUMENT_POSITION_PRECEDING;
    return all(".body .page-break", article).filter(before).at(-1)?.dataset.page ?? "";
  }

  // The first and the last text node of a range that have words, ignoring calls, links and opened notes.
  function ends(range) {
    const walk = document.createTreeWalker(range.commonAncestorContainer, NodeFilter.SHOW_TEXT);
    const found = range.commonAncestorContainer.nodeType === Node.TEXT_NODE ? [range.commonAncestorContainer] : [];
    while (walk.nextNode()) {
      const node = walk.currentNode;
      if (range.intersectsNode(node) && node.data.trim() && !node.parentElement.closest(ASIDE)) found.push(node);
    }
    return [found[0], found.at(-1)];
  }

  const fromTo = (from, to) => (from && to && from !== to ? from + "–" + to : from || to);
  const counted = (name, from, to) => (from ? name + (from !== to ? "s" : "") + "\u00a0" + fromTo(from, to) : "");

  // The place of blocks or notes, in words for a reference: “alinéa 12, p. 7 de l’original”.
  function locator(parts, first, last) {
    const labels = parts.map((part) => one(".note-label", part)?.textContent).filter(Boolean);
    const numbers = parts.map((part) => one(":scope > .permalink", part)?.dataset.n).filter(Boolean);
    const [from, to] = parts[0].closest(".notes") ? ["", ""] : [pageAt(first), pageAt(last)];
    const page = from && "p." + "\u00a0" + fromTo(from, to) + " de l’original";
    return [
      counted("alinéa", numbers[0], numbers.at(-1)),
      counted("note", labels[0], labels.at(-1)),
      page,
    ].filter(Boolean).join(", ");
  }

  // The address of the page on the web: in the archive's reference, or the current one; none on disk.
  function address(id) {
    const page = one(".citation .url")?.textContent || (location.protocol === "file:" ? "" : location.href.split(/[?#]/)[0]);
    return page && page + (id ? "#" + encodeURIComponent(id) : "");
  }

  function reference(style, where, link) {
    const online = link && one(`.citation-online[data-style="${CSS.escape(style.dataset.style)}"]`);
    const made = make("p", {}, ...(online ? online.content : style).cloneNode(true).childNodes);
    const place = one("[data-locator]", made);
    place ? place.replaceWith(where ? ", " + where : "") : where && made.append(" ", where, ".");
    const url = one(".url", made);
    if (url) url.textContent = link;
    return made;
  }

  async function copy(text, html, done) {
    try {
      const blob = (words, type) => new Blob([words], { type });
      await navigator.clipboard.write([new ClipboardItem({ "text/plain": blob(text, "text/plain"), "text/html": blob(html, "text/html") })]);
    } catch {
      try { await navigator.clipboard.writeText(text); } catch { done = "Ce navigateur ne laisse pas copier\u00a0: sélectionnez la référence."; }
    }
    panel.status.textContent = done;
  }

  function button(words, name, act) {
    const made = make("button", { type: "button", class: "copy", "aria-label": name }, words);
    made.addEventListener("click", act);
    return made;
  }

  // When the panel closes, the focus returns to where the reader opened it.
  function opened() {
    const made = make("div", { class: "panel cite-panel", id: "citer_ici", popover: "", role: "dialog", "aria-labelledby": "citer_quoi" });
    made.addEventListener("toggle", (event) => {
      const at = document.activeElement;
      const lost = made.contains(at) || at === document.body || at === one("main");
      if (event.newState === "closed" && lost) made.back?.focus({ preventScroll: true });
    });
    return document.body.appendChild(made);
  }

  function shown(title, lines, where, link, back) {
    panel ??= opened();
    panel.back = back;
    panel.status = make("p", { class: "copied", role: "status" });
    const close = make("button", { class: "close", type: "button", "aria-label": "Fermer" }, "×");
    close.addEventListener("click", () => panel.hidePopover());
    const words = lines.map((line, i) => (i ? "" : "«\u202f") + line + (i === lines.length - 1 ? "\u202f»" : ""));
    const quote = words.length ? make("blockquote", {}, ...words.map((line) => make("p", {}, ...findable(line)))) : null;
    panel.replaceChildren(make("p", { class: "contents-title", id: "citer_quoi" }, title), close, ...(quote ? [quote] : []));
    for (const style of all(".citation")) {
      const name = style.dataset.style;
      const said = reference(style, where, link);
      const text = [...(quote ? [words.join("\n").replace(/\u202f/g, "\u00a0")] : []), said.textContent].join("\n\n");
      panel.append(make("div", { class: "style" }, make("p", { class: "style-name" }, name,
        button("Copier", "Copier la référence " + name, () => copy(text, (quote?.outerHTML ?? "") + said.outerHTML, name + "\u00a0: référence copiée"))), said));
    }
    const last = make("p", { class: "more-ways" });
    if (link) last.append(button("Copier le lien", "Copier le lien", () => copy(link, make("a", { href: link }, link).outerHTML, "Lien copié")));
    for (const file of all("[data-reference]")) last.append(" ", file.cloneNode(true));
    panel.append(last, panel.status);
    panel.showPopover();
    one("button.copy", panel)?.focus({ preventScroll: true });
  }

  // Cites the text (no arguments), a paragraph (`block`), or a selection (`range`).
  archive.cite = (range, block) => {
    if (!range && !block) return shown("Citer ce texte", [], "", address(""));
    if (!range) {
      const number = one(":scope > .permalink", block)?.dataset.n;
      const begins = document.createTreeWalker(block, NodeFilter.SHOW_TEXT).nextNode() ?? block;
      const what = number ? "l’alinéa\u00a0" + number : "cet endroit";
      return shown("Citer " + what, [], locator([block], begins, begins), address(block.id), one(".permalink", block));
    }
    const parts = citable(range);
    if (!parts.length) return undefined;
    const [first, last] = ends(range);
    return shown("Citer ce passage", quoted(range), locator(parts, first ?? parts[0], last ?? parts[0]), address(parts[0].id));
  };

  // ------------------------------------------------------------- the selection

  let offered = null, pause = 0;
  function away() {
    clearTimeout(pause);
    offered?.remove();
    offered = null;
  }

  function offer() {
    away();
    const selection = getSelection();
    if (selection.isCollapsed || !selection.rangeCount || !selection.toString().trim()) return;
    const range = selection.getRangeAt(0).cloneRange();
    if (!article.contains(range.commonAncestorContainer) || !citable(range).length) return;
    offered = make("button", { class: "cite-here", type: "button" }, "Citer ce passage");
    offered.addEventListener("pointerdown", (event) => event.preventDefault()); // the selection stays
    offered.addEventListener("click", () => { away(); archive.cite(range); });
    article.append(offered);
    const box = [...range.getClientRects()].at(-1);
    const from = article.getBoundingClientRect();
    offered.style.top = box.bottom - from.top + 8 + "px";
    offered.style.left = Math.max(0, Math.min(box.right - from.left - offered.offsetWidth / 2, from.width - offered.offsetWidth)) + "px";
  }

  function soon() {
    clearTimeout(pause);
    pause = setTimeout(offer, 200);
  }
  document.addEventListener("selectionchange", soon);
  addEventListener("resize", away);
  soon();

  // Notes opened below a line are left out of what the reader copies.
  document.addEventListener("copy", () => {
    const notes = all(".pop.under").filter((note) => !note.contains(getSelection().anchorNode));
    notes.forEach((note) => { note.style.display = "none"; });
    setTimeout(() => notes.forEach((note) => { note.style.display = ""; }));
  });
})();
