// Optional: every page has all its content without this script.
"use strict";
const archive = (() => {
  const root = document.documentElement;
  const one = (selector, within = document) => within.querySelector(selector);
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];

  function make(name, attributes = {}, ...children) {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    element.append(...children);
    return element;
  }

  // Words as nodes, with thin spaces that browsers' search finds, as in pages.
  const findable = (words) => words.split(/([–—]\u2060\u00a0|\u202f)/).map((part, i) =>
    i % 2 ? make("span", { class: part[1] ? "unbroken" : "thin" }, part[1] ? part[0] + "\u00a0" : "\u00a0") : part);

  // A number and what it counts: 0 mot, 1 mot, 2 mots.
  const figures = (n) => n.toLocaleString("fr");
  const counted = (n, one, many = one + "s") => `${figures(n)}\u00a0${n < 2 ? one : many}`;

  // Whether no modifier key is held.
  const plain = (event) => !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);

  // Data stored in this browser only. No storage is not an error.
  function kept(name) {
    try {
      const value = JSON.parse(localStorage.getItem(name));
      return value instanceof Object ? value : {};
    } catch { return {}; }
  }
  function keep(name, value) {
    try { localStorage.setItem(name, JSON.stringify(value)); } catch {}
  }

  // ------------------------------------------------------------- the reader's position

  const EYE = 90; // below the bar, in pixels
  const article = one("article.text");
  const body = article && one(".body", article);

  function here() {
    return body && all(":is(p, li, h2, h3)[id]:not(.apparatus *)", body).find((block) => block.getBoundingClientRect().bottom > EYE);
  }

  // Changes the text, and keeps the reader's line in place.
  function hold(change) {
    const block = here();
    const before = block?.getBoundingClientRect();
    change();
    if (!block || scrollY === 0) return;
    const { top, height } = block.getBoundingClientRect();
    const eye = Math.max(EYE, before.top);
    scrollBy(0, top - eye + ((eye - before.top) / before.height) * height);
  }

  // ------------------------------------------------------------- settings

  const WISHES = "archive-site";
  for (const choice of all(".settings input")) {
    choice.checked = choice.value === (root.dataset[choice.name] || "");
    choice.addEventListener("change", () => {
      const wishes = kept(WISHES);
      wishes[choice.name] = choice.value;
      keep(WISHES, wishes);
      hold(() => { root.dataset[choice.name] = choice.value; });
    });
  }

  // ------------------------------------------------------------- brief messages

  let toast = null;
  function say(...words) {
    toast?.remove();
    toast = make("div", { class: "toast", role: "status" });
    document.body.append(toast);
    toast.append(...words);
    return toast;
  }
  function sayBriefly(words, time = 2500, ...more) {
    const said = say(words, ...more);
    said.classList.add("is-brief");
    setTimeout(() => said.remove(), time);
  }

  // ------------------------------------------------------------- notes beside or below their calls

  const CALLS = "[role=doc-noteref], .doubt-call a";
  const GAP = 14;
  const column = article && one(CALLS, article) ? make("aside", { class: "side", "aria-label": "Notes en marge" }) : null;
  if (column) article.append(column);
  const beside = () => column && getComputedStyle(column).display !== "none";
  const target = (link) => {
    try { return document.getElementById(decodeURIComponent(link.hash.slice(1))); } catch { return null; }
  };

  // A copy of a note for `where`: "beside" the text or "under" the line of its call.
  function noteOf(call, where) {
    const item = target(call);
    const text = make("div", { class: "pop-text" });
    text.append(make("p", { class: "pop-kind" }, item.dataset.kind), ...[...item.cloneNode(true).children].slice(1));
    all(".source-link, .note-kind", text).forEach((part) => part.remove());
    for (const part of all("[id], [data-spelling]", text)) {
      part.removeAttribute("id");
      part.removeAttribute("data-spelling");
    }
    const label = call.textContent;
    const back = make("a", { class: "pop-label", href: "#" + call.id, "aria-label": label + ", retour à l’appel" }, label);
    const note = make("div", { class: "pop " + where, role: "note", tabindex: -1, "aria-label": item.dataset.kind + " " + label }, back, text);
    note.call = call;
    return note;
  }

  // Shows a note; if it does not fit, its beginning and its call.
  function bringIntoView(note) {
    const view = visualViewport; // smaller than the window if zoomed in
    const { bottom } = note.getBoundingClientRect();
    const { top } = (note.matches(".under") ? note.call : note).getBoundingClientRect();
    const covered = view.offsetTop + (bar?.offsetHeight ?? 0);
    const above = top - (bar?.matches(".is-shown") ? covered : view.offsetTop);
    const below = bottom + GAP - view.offsetTop - view.height;
    if (above < 0) scrollBy(0, above - GAP);
    else if (below > 0) scrollBy(0, Math.max(0, Math.min(below, top - covered - GAP)));
  }

  function closeUnder(note) {
    note.call.removeAttribute("aria-expanded");
    note.remove();
  }

  function putAway() {
    all(".pop.under").forEach(closeUnder);
  }

  function openUnder(call) {
    const here = call.closest("sup");
    const open = here.nextElementSibling;
    if (open?.matches(".pop.under")) return closeUnder(open);
    const note = noteOf(call, "under");
    const close = make("button", { class: "close", type: "button", "aria-label": "Fermer la note" }, "×");
    close.addEventListener("click", () => leave(note));
    note.append(close);
    here.after(note);
    call.setAttribute("aria-expanded", "true");
    note.focus({ preventScroll: true });
    bringIntoView(note);
  }

  function leave(note) {
    const call = note.call;
    if (note.matches(".under")) closeUnder(note);
    call.focus({ preventScroll: true });
    call.scrollIntoView({ block: "nearest" });
  }

  // Puts a copy of each note beside the text.
  function setBeside() {
    if (!column) return;
    const reading = document.activeElement.closest(".pop.beside")?.call;
    column.replaceChildren();
    if (!beside()) return reading && openUnder(reading);
    putAway();
    const seen = new Set();
    for (const call of all(CALLS, article)) {
      if (call.closest(".apparatus, .side") || seen.has(call.hash) || !target(call)) continue;
      seen.add(call.hash);
      column.append(noteOf(call, "beside"));
    }
    for (const note of column.children) {
      const text = one(".pop-text", note);
      if (text.scrollHeight <= text.clientHeight + 4) continue;
      const more = make("button", { class: "more", type: "button", "aria-expanded": "false" }, "lire la suite");
      more.addEventListener("click", () => {
        const unfolded = note.classList.toggle("is-unfolded");
        more.setAttribute("aria-expanded", String(unfolded));
        more.textContent = unfolded ? "replier" : "lire la suite";
        stack();
      });
      note.append(more);
    }
    stack();
    if (reading) goBeside(reading);
  }

  // Aligns each note with its call, below the notes above it and above the text's end.
  function stack() {
    if (!column?.children.length) return;
    const notes = [...column.children];
    const { top, height } = column.getBoundingClientRect();
    const heights = notes.map((note) => note.offsetHeight);
    const tops = notes.map((note) => note.call.getBoundingClientRect().top - top);
    for (let i = 1; i < tops.length; i++) tops[i] = Math.max(tops[i], tops[i - 1] + heights[i - 1] + GAP);
    let floor = height;
    for (let i = tops.length - 1; i >= 0 && tops[i] + heights[i] > floor; i--) {
      tops[i] = floor - heights[i];
      floor = tops[i] - GAP;
    }
    notes.forEach((note, i) => { note.style.top = Math.max(0, tops[i]) + "px"; });
  }

  function goBeside(call) {
    if (!column.firstChild) setBeside(); // not laid out yet
    const note = [...column.children].find((note) => note.call.hash === call.hash);
    note.call = call;
    const more = one(".more[aria-expanded=false]", note);
    if (more) more.click();
    note.focus({ preventScroll: true });
    bringIntoView(note);
  }

  document.addEventListener("click", (event) => {
    if (!plain(event)) return;
    const call = article && event.target.closest?.(CALLS);
    const label = event.target.closest?.(".pop-label");
    if (call && !call.closest(".apparatus") && target(call)) {
      event.preventDefault();
      beside() ? goBeside(call) : openUnder(call);
    } else if (label) {
      event.preventDefault();
      leave(label.closest(".pop"));
    }
  });
  for (const [name, lit] of [["pointerover", true], ["pointerout", false]]) {
    document.addEventListener(name, (event) => {
      const call = column && event.target.closest?.(CALLS);
      for (const note of call ? column.children : []) {
        if (note.call.hash === call.hash) note.classList.toggle("is-lit", lit);
      }
    });
  }

  // Whenever the layout changes:
  if (column) {
    let width = 0;
    new ResizeObserver(() => {
      if (column.offsetWidth === width && beside()) return stack();
      width = column.offsetWidth;
      setBeside();
    }).observe(article);
  }

  // ------------------------------------------------------------- navigation

  const READ = "archive-site:lecture";
  const bar = one(".bar");
  const contents = bar && one(".contents", article);
  const chapters = contents ? all("ol:not(.pages) a", contents).map((link) => ({ link, heading: target(link) })) : [];
  const title = root.dataset.running;
  const titled = [...(one("[data-place]")?.cloneNode(true).childNodes ?? [])];
  let chapter = -2; // -1: before the first; -2: not yet known

  function follow() {
    const { top } = body.getBoundingClientRect();
    const bottom = (one(".apparatus", body) ?? one(".end", article)).getBoundingClientRect().top;
    const share = Math.min(1, Math.max(0, (innerHeight / 2 - top) / (bottom - top)));
    bar.classList.toggle("is-shown", one(".text-head").getBoundingClientRect().bottom < 0);
    bar.style.setProperty("--read", share.toFixed(4));
    const now = chapters.findLastIndex(({ heading }) => heading.getBoundingClientRect().top < innerHeight / 3);
    if (now !== chapter) {
      chapter = now;
      mark(all(".contents ol:not(.pages) a"), now);
      mark(all(".contents-panel ol:not(.pages) a"), now);
      const place = one("[data-place]");
      if (place) place.replaceChildren(...(now < 0 ? titled : chapters[now].link.cloneNode(true).childNodes));
      for (const step of all(".bar .step")) {
        const to = chapters[Math.max(0, now) + Number(step.dataset.step)];
        step.href = to ? to.link.hash : "#contenu";
        step.style.visibility = to ? "" : "hidden";
      }
    }
    return bottom < innerHeight ? 1 : share;
  }

  function mark(links, now) {
    links.forEach((link, i) => {
      if (i !== now) return link.removeAttribute("aria-current");
      link.setAttribute("aria-current", "true");
      const list = link.closest("nav, .panel");
      const { offsetTop, offsetHeight } = link;
      if (offsetTop < list.scrollTop || offsetTop + offsetHeight > list.scrollTop + list.clientHeight) {
        list.scrollTop = offsetTop - list.clientHeight / 3;
      }
    });
  }

  function remember(share) {
    const places = kept(READ);
    const block = here();
    delete places[location.pathname];
    if (share < 1 && block) {
      places[location.pathname] = {
        id: block.id, text: title, chapter: chapter < 0 ? "" : chapters[chapter].link.textContent,
        share: Math.round(share * 100), when: Date.now(),
      };
    }
    keep(READ, places);
  }

  function offer(place, path) {
    const where = [place.share + "\u00a0%", place.text, place.chapter].filter(Boolean).join(" · ");
    const link = make("a", { href: path + "#" + place.id }, "Reprendre la lecture ", make("small", {}, ...findable(where)));
    const close = make("button", { class: "close", type: "button", "aria-label": "Fermer" }, "×");
    const said = say(link, close);
    close.addEventListener("click", () => said.remove());
    link.addEventListener("click", () => said.remove());
    const from = scrollY;
    addEventListener("scroll", function gone() {
      if (Math.abs(scrollY - from) < innerHeight) return;
      said.remove();
      removeEventListener("scroll", gone);
    });
  }

  if (bar) {
    let frame = 0, pause = 0, moved = false;
    const update = () => {
      frame = 0;
      const share = follow();
      if (!moved) return;
      clearTimeout(pause);
      pause = setTimeout(() => remember(share), 400);
    };
    addEventListener("scroll", () => { moved = true; frame ||= requestAnimationFrame(update); }, { passive: true });
    addEventListener("pagehide", () => { if (moved) remember(follow()); });
    update();
    const place = kept(READ)[location.pathname];
    if (place?.id && !location.hash && scrollY < 50 && document.getElementById(place.id)) offer(place, "");
    const check = () => { if (location.hash && !target(location)) load("nearest.js"); };
    addEventListener("hashchange", check);
    check();

    const panel = one("#sommaire-ouvert");
    panel?.addEventListener("beforetoggle", () => {
      if (panel.children.length) return;
      panel.append(...contents.cloneNode(true).childNodes);
      all("[id]", panel).forEach((part) => part.removeAttribute("id"));
      chapter = -2;
      follow();
    });
    panel?.addEventListener("click", (event) => { if (event.target.closest("a")) panel.hidePopover(); });
  }
  if (one(".home")) {
    const linked = new Set(all(".entry h3 a").map((link) => link.pathname));
    const [last] = Object.entries(kept(READ)).filter(([path, place]) => linked.has(path) && place?.id).sort((a, b) => b[1].when - a[1].when);
    if (last) offer(last[1], last[0]);
  }

  // A click on a permalink puts it into the address bar and the clipboard.
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.(".permalink");
    if (!link || !plain(event)) return;
    event.preventDefault();
    history.replaceState(null, "", link.hash);
    all(".is-chosen").forEach((block) => block.classList.remove("is-chosen"));
    link.parentElement.classList.add("is-chosen");
    const block = link.parentElement;
    const done = (words) => () => {
      if (!citing) return sayBriefly(words);
      const more = make("button", { class: "act", type: "button" }, "Citer");
      more.addEventListener("click", () => cite(null, block));
      sayBriefly(words, 8000, " ", more);
      if (!event.detail) more.focus(); // for keyboard users
    };
    const copied = done("Adresse de l’alinéa copiée");
    const not = done("L’adresse de l’alinéa est dans la barre d’adresse");
    navigator.clipboard ? navigator.clipboard.writeText(location.href).then(copied, not) : not();
  });

  // ------------------------------------------------------------- citing

  const citing = article && one(".citation", article) && CSS.supports("selector(:popover-open)");
  function load(name, then) {
    const script = make("script", { src: new URL(name, one("script[src$='archive.js']").src) });
    script.addEventListener("load", then);
    document.head.append(script);
    return script;
  }

  let asked = null, loading = false; // `asked`: what to cite once the script is loaded
  function loadCiting() {
    if (loading) return;
    loading = true;
    load("cite.js", () => { if (asked) archive.cite(...asked); })
      .addEventListener("error", () => { if (asked) location.hash = "#citer_le_texte"; });
  }

  function cite(...what) {
    toast?.remove();
    asked = what;
    archive.cite ? archive.cite(...what) : loadCiting();
  }

  if (citing) {
    for (const link of all("[data-cite]")) link.addEventListener("click", (event) => {
      if (!plain(event)) return;
      event.preventDefault();
      cite();
    });
    document.addEventListener("selectionchange", () => { if (!getSelection().isCollapsed) loadCiting(); });
  }

  // ------------------------------------------------------------- the two spellings

  const switchers = all("[data-source]");
  const corrected = new Map();
  let source = null; // block → HTML in the witness's spelling, once loaded

  function spelled(name) {
    return one(`[data-spelling="${CSS.escape(name)}"]`) || document.getElementById(name);
  }

  function show(fromSource) {
    putAway();
    putAwayCard();
    hold(() => {
      spell(fromSource);
      one(".cite-here")?.remove();
      root.classList.toggle("is-from-source", fromSource);
    });
    for (const button of switchers.flatMap((switcher) => all("button", switcher))) {
      button.setAttribute("aria-pressed", String((button.value === "source") === fromSource));
    }
    setBeside();
  }

  function spell(fromSource) {
    for (const [name, html] of Object.entries(source)) {
      const block = spelled(name);
      if (!block) continue;
      const kept = all(":scope > :is(.permalink, .source-link, .note-kind)", block);
      if (!corrected.has(name)) {
        kept.forEach((part) => part.remove());
        corrected.set(name, block.innerHTML);
      }
      block.innerHTML = fromSource ? html : corrected.get(name);
      block.append(...kept);
    }
  }

  function choose(fromSource) {
    if (source) return show(fromSource);
    if (!fromSource) return;
    document.head.append(make("script", { src: switchers[0].dataset.source }));
  }

  for (const switcher of switchers) {
    switcher.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (button) choose(button.value === "source");
    });
  }

  // The first tap on an emendation shows its other form, the second follows the link.
  let touched = false;
  document.addEventListener("pointerdown", (event) => { touched = event.pointerType === "touch"; });
  document.addEventListener("click", (event) => {
    const word = event.target.closest?.("a.emendation");
    const opened = one("a.emendation.is-open");
    if (opened && opened !== word) opened.classList.remove("is-open");
    if (word && touched && !word.classList.contains("is-open")) {
      event.preventDefault();
      word.classList.add("is-open");
      word.scrollIntoView({ block: "nearest" });
    }
  });

  // ------------------------------------------------------------- cards of mentions

  const NAME = "a.name";
  const LINGER = 250; // the delay before a card appears or disappears, in milliseconds
  let known = null; // address → [name, years, sentence, counts], once loaded
  let card = null, wanted = null, timer = 0;

  function putAwayCard() {
    clearTimeout(timer);
    wanted = null;
    card?.link.removeAttribute("aria-describedby");
    card?.remove();
    card = null;
  }

  function showCard(link) {
    clearTimeout(timer);
    if (card?.link === link || root.dataset.names === "hidden") return;
    putAwayCard();
    wanted = link;
    if (!known) {
      known = {};
      document.head.append(make("script", { src: root.dataset.script }));
      return;
    }
    const said = known[link.getAttribute("href")];
    if (!said) return;
    const [name, when, sentence, counts] = said;
    card = make("div", { class: "card", id: "carte", role: "tooltip" }, make("p", { class: "card-name" }, ...findable(name)));
    if (when) card.append(make("p", { class: "card-when" }, ...findable(when)));
    if (sentence) card.append(make("p", {}, ...findable(sentence)));
    card.append(make("p", { class: "card-when" }, ...findable(counts)));
    card.link = link;
    document.body.append(card);
    link.setAttribute("aria-describedby", "carte");
    const lines = link.getClientRects();
    const line = lines[lines.length - 1];
    const { offsetWidth, offsetHeight } = card;
    const below = innerHeight - line.bottom;
    const above = offsetHeight + 8 > below && line.top > below;
    card.style.left = Math.max(8, Math.min(line.left, document.documentElement.clientWidth - offsetWidth - 8)) + scrollX + "px";
    card.style.top = (above ? line.top - offsetHeight - 4 : line.bottom + 4) + scrollY + "px";
  }

  function soon(act) {
    clearTimeout(timer);
    timer = setTimeout(act, LINGER);
  }
  if (root.dataset.script) {
    document.addEventListener("pointerover", (event) => {
      if (event.pointerType !== "mouse") return;
      const link = event.target.closest?.(NAME);
      if (link) soon(() => showCard(link));
      else if (event.target.closest?.(".card")) clearTimeout(timer);
      else if (card || wanted) soon(putAwayCard);
    });
    document.addEventListener("focusin", (event) => {
      const link = event.target.closest?.(NAME);
      link && !touched ? showCard(link) : link || putAwayCard();
    });
    document.addEventListener("click", (event) => {
      const link = event.target.closest?.(NAME);
      if (!link) return event.target.closest?.(".card") || putAwayCard();
      if (root.dataset.names === "hidden") return event.preventDefault();
      if (!touched || card?.link === link || !plain(event)) return;
      event.preventDefault();
      showCard(link);
    });
    const reach = () => all(NAME).forEach((link) => { link.tabIndex = root.dataset.names === "hidden" ? -1 : 0; });
    for (const choice of all(".settings [name=names]")) choice.addEventListener("change", reach);
    if (root.dataset.names === "hidden") reach();
  }

  // ------------------------------------------------------------- sorting and filtering of tables

  const folded = (words) => words.normalize("NFD").replace(/\p{M}/gu, "").replace(/œ/g, "oe").toLowerCase();

  // Hides the groups without visible rows.
  function settle(table) {
    for (const body of table.tBodies) body.hidden = !one("tr:not(.letter):not([hidden])", body);
  }

  // Sorted by the column of the groups, rows are below their headings; by another, they are all in one group.
  function sort(table, column, heading) {
    const number = heading.dataset.sort === "number";
    const was = heading.getAttribute("aria-sort");
    const up = was ? was !== "ascending" : !number;
    const value = (row) => row.cells[column].dataset.value;
    const rows = all("tbody tr:not(.letter)", table);
    const order = (a, b) => (number ? value(a) - value(b) : (value(a) > value(b)) - (value(a) < value(b)));
    rows.sort((a, b) => order(a, b) * (up ? 1 : -1));
    const grouped = up && "groups" in heading.dataset;
    table.classList.toggle("is-sorted", !grouped);
    for (const row of rows) (grouped ? row.home : table.tBodies[0]).append(row);
    settle(table);
    all("[aria-sort]", table).forEach((other) => other.removeAttribute("aria-sort"));
    heading.setAttribute("aria-sort", up ? "ascending" : "descending");
  }

  for (const table of all("table.sortable")) {
    for (const row of all("tbody tr", table)) row.home = row.parentNode;
    all("thead th", table).forEach((heading, column) => {
      if (!heading.dataset.sort) return;
      const button = make("button", { type: "button" }, ...heading.childNodes);
      button.addEventListener("click", () => sort(table, column, heading));
      heading.append(button);
    });
  }

  for (const field of all("input[data-filter]")) {
    const table = document.getElementById(field.dataset.filter);
    const rows = all("tbody tr:not(.letter)", table).map((row) => [row, folded(row.textContent)]);
    field.addEventListener("input", () => {
      const words = folded(field.value).split(/\s+/);
      let found = 0;
      for (const [row, text] of rows) {
        row.hidden = !words.every((word) => text.includes(word));
        found += !row.hidden;
      }
      settle(table);
      one("[data-found]").replaceChildren(...(found === rows.length ? [] : findable(counted(found, field.dataset.of))));
    });
  }

  // ------------------------------------------------------------- the words of a search

  const sought = new URLSearchParams(location.search).get("mots");
  if (sought && article) {
    load("words.js", () => {
      const passage = location.hash && target(location);
      if (passage && passage.closest("article")) find.mark(passage, sought.split(",").map((words) => words.split(" ")));
      // The address to copy is that of the passage, without the words.
      try { history.replaceState(null, "", location.pathname + location.hash); } catch { /* a file on disk */ }
    });
  }

  const panelOpen = () => CSS.supports("selector(:popover-open)") && one(".panel:popover-open");

  // Escape returns from a note to its call, and hides what a word shows until the pointer moves.
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || panelOpen()) return;
    if (card) return putAwayCard();
    const note = document.activeElement.closest?.(".pop") || all(".pop.under").at(-1);
    if (note) leave(note);
    root.classList.add("is-quiet");
  });
  for (const name of ["pointermove", "focusin"]) {
    document.addEventListener(name, () => root.classList.remove("is-quiet"));
  }

  return {
    tools: { make, one, all, say, target, findable, figures, counted },
    source(spelling) { source = spelling; show(true); },
    names(cards) {
      known = cards;
      if (wanted) showCard(wanted);
    },
  };
})();
