// Not part of the site: `archive-site serve` inserts this script into each page. After a build it reloads
// the page at the reader's position; if errors stop a build, it shows them over the page.
"use strict";
(() => {
  const own = document.currentScript;
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];

  function make(name, attributes = {}, ...children) {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    element.append(...children);
    return element;
  }

  // ------------------------------------------------------------- does a change concern this page?

  performance.setResourceTimingBufferSize(10_000);

  function file(address) {
    try {
      const path = decodeURIComponent(new URL(address, location).pathname).slice(1);
      return path === "" || path.endsWith("/") ? path + "index.html" : path;
    } catch { return ""; }
  }

  // Whether the changed files include that of the page, that of its address, or one that it loaded. If
  // `changed` is null, the changes are unknown.
  function concerns(changed) {
    if (!changed || !own.dataset.page) return true;
    const loaded = performance.getEntriesByType("resource").map(({ name }) => file(name));
    const mine = new Set([own.dataset.page, file(location.href), ...loaded]);
    return changed.some((path) => mine.has(path));
  }

  let root = null, told = ""; // the dialog, and the error that it shows, as JSON

  // ------------------------------------------------------------- the reader's position

  const PLACE = "archive-site:place";

  // The elements of a kind, each by the last id before it and its number after that id, since ids are
  // stable under edits.
  function named(kind) {
    const found = new Map();
    let id = "", number = 0;
    for (const element of all(`[id], ${kind}`)) {
      if (element.id) [id, number] = [element.id, 0];
      if (element.matches(kind)) found.set(`${id} ${number++}`, element);
    }
    return found;
  }

  // The blocks in view and their positions, the topmost first. There are several, since an edit may
  // remove one.
  function blocks() {
    return all("main [id]")
      .map((block) => ({ id: block.id, box: block.getBoundingClientRect() }))
      .filter(({ box }) => box.height > 0 && box.bottom > 0 && box.top < innerHeight)
      .map(({ id, box }) => ({ id, top: box.top }))
      .sort((a, b) => Math.abs(a.top) - Math.abs(b.top));
  }

  function keepPlace() {
    const active = document.activeElement;
    const focused = active && [...named(active.localName)].find(([, element]) => element === active);
    return {
      address: location.pathname + location.search,
      blocks: blocks().slice(0, 20),
      scroll: scrollY,
      details: [...named("details")].map(([name, part]) => [name, part.open]),
      focus: focused ? [active.localName, focused[0]] : null,
    };
  }

  function reload() {
    root?.dialog.close(); // returns the focus to the page
    try {
      sessionStorage.setItem(PLACE, JSON.stringify(keepPlace()));
      history.scrollRestoration = "manual";
    } catch { /* without storage, the browser restores what it can */ }
    location.reload();
  }

  function hold(place) {
    const known = place.scroll > 0 && place.blocks.find(({ id }) => document.getElementById(id));
    const by = known ? document.getElementById(known.id).getBoundingClientRect().top - known.top : place.scroll - scrollY;
    if (Math.abs(by) >= 1) scrollBy({ top: by, behavior: "instant" });
  }

  // Holds the position until everything is loaded, unless the reader moves on in the meantime. (The
  // browser would scroll to the block in the address, if there is one.)
  function takePlace() {
    const place = JSON.parse(sessionStorage.getItem(PLACE));
    sessionStorage.removeItem(PLACE);
    if (place?.address !== location.pathname + location.search) return;
    const parts = named("details");
    for (const [name, open] of place.details) if (parts.has(name)) parts.get(name).open = open;
    if (place.focus) named(place.focus[0]).get(place.focus[1])?.focus({ preventScroll: true });
    let held = true;
    const leave = new AbortController();
    for (const event of ["wheel", "touchmove", "pointerdown", "keydown"]) {
      addEventListener(event, () => { held = false; }, { passive: true, signal: leave.signal });
    }
    const again = () => { if (held) hold(place); };
    again();
    addEventListener("load", () => requestAnimationFrame(() => requestAnimationFrame(() => {
      again();
      leave.abort();
      history.scrollRestoration = "auto";
    })));
  }
  try { takePlace(); } catch { /* no storage is not an error */ }

  // ------------------------------------------------------------- the errors of a build

  // Words in `back quotes` are code. Everything is inserted as text, since findings quote the corpus.
  const worded = (text) => text.split("`").map((part, i) => (i % 2 ? make("code", {}, part) : part));

  function findingOf({ path, line, code, message, hint }) {
    const item = make("li");
    const place = make("p", { class: "place" });
    if (path) place.append(make("code", {}, line ? `${path}:${line}` : path));
    if (code) place.append(make("span", { class: "code" }, code));
    if (place.children.length) item.append(place);
    item.append(make("p", { class: "message" }, message));
    if (hint) item.append(make("p", { class: "remedy" }, ...worded(hint)));
    return item;
  }

  function filled(fault) {
    const parts = [
      make("h1", { id: "title" }, fault.title),
      make("p", { class: "said", id: "said" }, "The site is unchanged. This message disappears once the errors are corrected and saved."),
      make("ul", { role: "list" }, ...fault.findings.map(findingOf)),
    ];
    if (fault.more) parts.push(make("p", { class: "said" }, ...worded(`And ${fault.more} more: \`archive-site check\` lists them all.`)));
    if (fault.trace) {
      const trace = make("pre", { tabindex: "0", "aria-label": "Traceback" }, fault.trace);
      parts.push(make("details", {}, make("summary", {}, "Traceback"), trace));
    }
    return parts;
  }

  // In a shadow tree, which the page's styles and scripts do not reach, except for the reader's colours.
  function raise() {
    const host = make("archive-site-fault", { lang: "en", translate: "no" });
    const shadow = host.attachShadow({ mode: "open" });
    const sheet = make("link", { rel: "stylesheet", href: new URL("follow.css", own.src) });
    const dialog = make("dialog", { role: "alertdialog", "aria-labelledby": "title", "aria-describedby": "said", tabindex: "-1" });
    const words = make("div", { class: "words" });
    const close = make("button", { class: "close", type: "button" }, "Show the page ", make("kbd", {}, "Esc"));
    const badge = make("button", { class: "badge", type: "button", hidden: "" });
    close.addEventListener("click", () => dialog.close());
    dialog.addEventListener("close", () => { badge.hidden = false; });
    badge.addEventListener("click", () => open());
    dialog.append(make("div", { class: "sheet" }, words, close));
    shadow.append(sheet, dialog, badge);
    const styled = new Promise((done) => { sheet.onload = sheet.onerror = done; });
    document.documentElement.append(host);
    async function open() {
      await styled;
      badge.hidden = true;
      if (!host.isConnected || dialog.open) return;
      dialog.showModal();
      dialog.focus();
      dialog.scrollTop = 0;
    }
    return { host, dialog, words, badge, open };
  }

  function show(fault) {
    const tells = JSON.stringify(fault);
    if (root && tells === told) return;
    root ??= raise();
    told = tells;
    root.words.replaceChildren(...filled(fault));
    root.badge.textContent = fault.title;
    root.open();
  }

  function putAway() {
    root?.dialog.close();
    root?.host.remove();
    root = null;
  }

  // ------------------------------------------------------------- the events of the server

  let { build } = own.dataset; // the build that made this page
  let source = null;

  function heard({ data, lastEventId }) {
    const { changed, fault } = JSON.parse(data);
    const newer = lastEventId !== build;
    build = lastEventId;
    if (newer && concerns(changed)) return reload();
    fault ? show(fault) : putAway();
  }

  // If many pages are open, the server lets some of them rest; they listen again when they are shown.
  function listen() {
    if (source && source.readyState !== EventSource.CLOSED) return;
    const opened = source = new EventSource(new URL(`events?since=${build}`, own.src));
    opened.addEventListener("message", heard);
    opened.addEventListener("rest", () => opened.close());
    opened.addEventListener("error", () => {
      if (opened.readyState === EventSource.CLOSED) setTimeout(listen, 1000);
    });
  }
  addEventListener("pageshow", listen);
  addEventListener("focus", listen);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) listen(); });
  addEventListener("pagehide", () => source?.close());
})();
