// No part of the site: `archive-site serve` puts this script into each page that it sends. It follows
// the builds: loads the page anew where its reader was, and shows what stops a build before the page.
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

  // Its own file, the one that its address would have, or one that it loaded. Null: nobody knows.
  function concerns(changed) {
    if (!changed || !own.dataset.page) return true;
    const loaded = performance.getEntriesByType("resource").map(({ name }) => file(name));
    const mine = new Set([own.dataset.page, file(location.href), ...loaded]);
    return changed.some((path) => mine.has(path));
  }

  let root = null, told = ""; // what is shown of a fault

  // ------------------------------------------------------------- where the reader is

  const PLACE = "archive-site:place";

  // The elements of a kind, each by the last id before it and its number after that: ids outlive an
  // edit.
  function named(kind) {
    const found = new Map();
    let id = "", number = 0;
    for (const element of all(`[id], ${kind}`)) {
      if (element.id) [id, number] = [element.id, 0];
      if (element.matches(kind)) found.set(`${id} ${number++}`, element);
    }
    return found;
  }

  // The blocks in view and how high they stand, the topmost first: an edit may take one away.
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
    root?.dialog.close(); // it gives the focus back
    try {
      sessionStorage.setItem(PLACE, JSON.stringify(keepPlace()));
      history.scrollRestoration = "manual";
    } catch { /* then the browser keeps what it keeps */ }
    location.reload();
  }

  function hold(place) {
    const known = place.scroll > 0 && place.blocks.find(({ id }) => document.getElementById(id));
    const by = known ? document.getElementById(known.id).getBoundingClientRect().top - known.top : place.scroll - scrollY;
    if (Math.abs(by) >= 1) scrollBy({ top: by, behavior: "instant" });
  }

  // Held until all is loaded, unless the reader goes on meanwhile. (Its address may name a block,
  // to which the browser would scroll.)
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
  try { takePlace(); } catch { /* a browser that keeps nothing is no error */ }

  // ------------------------------------------------------------- what stops a build

  // Words in `back quotes` are code. All of it is text: findings hold words of anybody's.
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
      make("p", { class: "said", id: "said" }, "Nothing is lost: the site stays as it was. This goes away by itself once what it tells is mended and saved."),
      make("ul", { role: "list" }, ...fault.findings.map(findingOf)),
    ];
    if (fault.more) parts.push(make("p", { class: "said" }, ...worded(`And ${fault.more} more: \`archive-site check\` lists them all.`)));
    if (fault.trace) {
      const trace = make("pre", { tabindex: "0", "aria-label": "Traceback" }, fault.trace);
      parts.push(make("details", {}, make("summary", {}, "Traceback"), trace));
    }
    return parts;
  }

  // In a shadow: the page's styles and scripts do not reach it, but for the reader's colours.
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

  // ------------------------------------------------------------- what the server tells

  let { moment } = own.dataset; // the build that this page is of
  let source = null;

  function heard({ data, lastEventId }) {
    const { changed, fault } = JSON.parse(data);
    const newer = lastEventId !== moment;
    moment = lastEventId;
    if (newer && concerns(changed)) return reload();
    fault ? show(fault) : putAway();
  }

  // A page that rests, among many, asks again when one looks at it.
  function listen() {
    if (source && source.readyState !== EventSource.CLOSED) return;
    const opened = source = new EventSource(new URL(`events?since=${moment}`, own.src));
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
