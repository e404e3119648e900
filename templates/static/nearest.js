// The reader asked for an address that the text does not have: leads to the nearest passage, and says so.
// `archive.js` loads this script for each such address.
"use strict";
(() => {
  const { make, one, all, say, findable } = archive.tools;
  const INNER = /^(appel|correction|doute|remarque)-/; // ids that are no addresses of the text
  const article = one("article.text");
  const kind = (id) => /^(note-|page-|)/.exec(id)[0];

  // The address, without a fragment of text (`:~:`), which some browsers leave there; empty if it is not one.
  function asked() {
    try {
      const id = decodeURIComponent(location.hash.slice(1)).split(":~:")[0];
      return id === "top" || INNER.test(id) || document.getElementById(id) ? "" : id;
    } catch { return ""; }
  }

  // Words as ids have them.
  const folded = (words) => words.normalize("NFKD").replace(/\p{M}/gu, "").replace(/œ/gi, "oe").replace(/æ/gi, "ae").toLowerCase().replace(/[^a-z0-9]+/g, "-");

  // How much two ids are alike, from 0 to 1: the letters, three by three, that both have.
  function likeness(one, other) {
    const [mine, its] = [one, other].map((id) => new Set([...id].slice(2).map((_, i) => id.slice(i, i + 3))));
    return 2 * [...mine].filter((three) => its.has(three)).length / Math.max(mine.size + its.size, 1);
  }

  // The passage of which something is least, if that is not too much.
  function least(passages, measure, most) {
    const measured = passages.map((passage) => [measure(passage), passage]).filter(([value]) => value <= most);
    return measured.sort(([a], [b]) => a - b)[0]?.[1];
  }

  // Notes and pages are near if their numbers are; blocks if they have the words of the address, or begin alike.
  function nearest(id) {
    const passages = all(".text-head h1[id], .body [id]", article).filter((part) => kind(part.id) === kind(id) && !INNER.test(part.id) && !part.matches(".held, .apparatus h2"));
    if (kind(id)) {
      const number = (id) => parseInt(id.slice(kind(id).length), 10);
      return least(passages, (part) => Math.abs(number(part.id) - number(id)), Infinity);
    }
    const has = (part) => `-${folded(part.textContent)}-`.includes(`-${id}-`);
    return passages.find(has) ?? least(passages, (part) => 1 - likeness(part.id, id), 0.45);
  }

  function label(passage) {
    if (kind(passage.id)) return kind(passage.id).replace("-", "\u00a0") + passage.id.slice(5);
    const words = passage.textContent.trim().split(/\s+/);
    return words.slice(0, 8).join(" ") + (words.length > 8 ? "\u00a0…" : "");
  }

  const id = asked();
  if (!id) return;
  const close = make("button", { class: "close", type: "button", "aria-label": "Fermer" }, "×");
  const said = say(`L’adresse demandée (${id.length > 80 ? id.slice(0, 80) + "…" : id}) n’existe plus dans ce texte.`, close);
  const away = () => said.remove();
  close.addEventListener("click", away);
  addEventListener("hashchange", away, { once: true });
  const passage = nearest(id);
  if (!passage) return;
  close.before(make("a", { href: "#" + encodeURIComponent(passage.id) }, "Le passage le plus proche\u00a0: ", make("small", {}, ...findable(label(passage)))));
  passage.scrollIntoView();
})();
