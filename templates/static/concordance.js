// The concordance: every occurrence of a form in the texts, in its context.
"use strict";
(() => {
  if (!find.parse) return document.querySelector("[data-said]").append("Le script words.js n’a pas pu être lu.");
  const { make, figures, counted } = archive.tools;
  const { listen, remember, tell } = find;
  const one = (selector, within = document) => within.querySelector(selector);
  const form = one("form.question"), box = one("[name=q]", form);
  const table = one("[data-lines]"), more = one("[data-more]");
  const counts = one("[data-counts]"), csv = one("[data-csv]"), said = one("[data-forms]");
  const PAGE = 200; // lines shown at a time
  const AROUND = 70; // characters of context on each side
  const BESIDE = 5; // how many neighbouring words lines are sorted by
  const FORMS = 24; // the most forms listed with their counts
  const texts = JSON.parse(one("#textes").textContent); // [id, title, creator, date], in chronological order

  const rate = (n) => n.toLocaleString("fr", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  const compare = new Intl.Collator("fr").compare;

  // The number of words of a text, as readers count them: separated by spaces.
  const lengths = new Map();
  function wordsOf(id, passages) {
    if (!lengths.has(id)) {
      lengths.set(id, passages.reduce((sum, { tokens: { text } }) => sum + text.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word)).length, 0));
    }
    return lengths.get(id);
  }

  // ------------------------------------------------------------- occurrences

  function* placesIn(passages, sequences, accents) {
    for (const passage of passages) {
      const { tokens } = passage;
      const { text, forms, starts, ends } = tokens;
      const as = (form, word, asked = word.form) => (word.open ? form.startsWith(asked) : form === asked);
      const fits = (i, word) => {
        if (as(forms[i], word)) return !accents || as(find.strict(text.slice(starts[i], ends[i])), word, word.strict);
        return !accents && find.other(tokens, i, (form) => as(form, word)) !== undefined;
      };
      const found = new Map(); // by position, since several forms may match at the same one
      for (const { words } of sequences) {
        for (const i of find.standing(forms.length, words, fits)) {
          const last = find.reach(tokens, i, i + words.length - 1, (form) => as(form, words.at(-1)));
          const own = words.every((word, n) => as(forms[i + n], word));
          const of = !own && words.map((word, n) => find.other(tokens, i + n, (form) => as(form, word))).find((other) => other?.witness);
          if ((found.get(i)?.last ?? -1) < last) found.set(i, { passage, first: i, last, from: starts[i], to: ends[last], witness: of ? of.said : "" });
        }
      }
      yield* [...found.values()].sort((a, b) => a.first - b.first);
    }
  }

  const ORDERS = {
    "": (a, b) => a.place - b.place,
    droite: (a, b) => beside(a, b, (line, n) => line.passage.tokens.forms[line.last + n]),
    gauche: (a, b) => beside(a, b, (line, n) => line.passage.tokens.forms[line.first - n]),
    mot: (a, b) => compare(keyword(a), keyword(b)) || a.place - b.place,
  };
  const keyword = ({ passage: { tokens: { text } }, from, to }) => text.slice(from, to);
  function beside(a, b, word) {
    for (let n = 1; n <= BESIDE; n++) {
      const order = compare(word(a, n) || "", word(b, n) || "");
      if (order) return order;
    }
    return a.place - b.place;
  }

  // ------------------------------------------------------------- showing the results

  function contexts({ passage: { tokens: { text } }, from, to }) {
    let start = Math.max(0, from - AROUND), end = Math.min(text.length, to + AROUND);
    if (start > 0) start = Math.min(from, text.indexOf(" ", start) + 1);
    if (end < text.length) end = Math.max(to, text.lastIndexOf(" ", end));
    return { start, end };
  }

  function row(line) {
    const { passage, from, to, first, last, witness } = line;
    const { start, end } = contexts(line);
    const [, title] = texts[line.text];
    const href = find.to(passage, [passage.tokens.forms.slice(first, last + 1)]);
    return make("tr", {},
      make("td", { class: "left" }, make("span", {}, make("span", {}, ...find.excerpt(passage, start, from, [])))),
      make("td", { class: "line" }, make("a", { href }, ...find.excerpt(passage, from, to, [])),
        ...(witness ? [make("small", {}, ...find.raised(` [source\u00a0: ${witness}]`))] : []), ...find.excerpt(passage, to, end, [])),
      make("td", { class: "place" }, ...find.raised(title), ", ", passage.where));
  }

  const SVG = "http://www.w3.org/2000/svg";
  function bar(share) {
    const svg = document.createElementNS(SVG, "svg"), rect = document.createElementNS(SVG, "rect");
    for (const [name, value] of Object.entries({ viewBox: "0 0 100 10", preserveAspectRatio: "none", "aria-hidden": "true" })) svg.setAttribute(name, value);
    for (const [name, value] of Object.entries({ width: (100 * share).toFixed(1), height: 10 })) rect.setAttribute(name, value);
    svg.append(rect);
    return svg;
  }

  function tally(lines, chosen) {
    const found = chosen.map(([n, passages]) => {
      const count = lines.filter(({ text }) => text === n).length;
      return { n, count, share: (1000 * count) / (wordsOf(texts[n][0], passages) || 1) };
    });
    const most = Math.max(...found.map(({ share }) => share)) || 1;
    counts.replaceChildren(...found.filter(({ count }) => count || found.length < 20).map(({ n, count, share }) => {
      const [, title, , date] = texts[n];
      return make("tr", {},
        make("th", { scope: "row" }, ...find.raised(title), make("span", { class: "extent" }, " ", ...find.raised(date))),
        make("td", { class: "figure" }, ...find.raised(figures(count))), make("td", { class: "figure" }, ...find.raised(rate(share))), make("td", { class: "bar-of" }, bar(share / most)));
    }));
    const forms = new Map();
    for (const line of lines) {
      const form = find.strict(keyword(line).replace(/\s+/g, "\u2003")).replace(/\u2003/g, " ");
      forms.set(form, (forms.get(form) || 0) + 1);
    }
    const list = [...forms].sort((a, b) => b[1] - a[1] || compare(a[0], b[0]));
    said.replaceChildren(...find.raised(list.length > 1
      ? "Formes\u00a0: " + list.slice(0, FORMS).map(([form, n]) => `${form} ${n}`).join(", ") + (list.length > FORMS ? ` et ${counted(list.length - FORMS, "autre")}` : "") + "." : ""));
  }

  // A quoted CSV cell that no spreadsheet takes for a formula.
  const cell = (value) => `"${String(value).replace(/\u2060/g, "").replace(/^[=+\-@]/, "'$&").replace(/"/g, '""')}"`;
  function asCsv(lines) {
    const rows = lines.map((line) => {
      const [, title, creator, date] = texts[line.text];
      const { passage, from, to, first, last } = line;
      const { start, end } = contexts(line);
      const words = passage.tokens.text;
      const link = new URL(find.to(passage, [passage.tokens.forms.slice(first, last + 1)]), location.href);
      link.search = "";
      return [title, creator, date, passage.where, words.slice(start, from).trim(), words.slice(from, to), words.slice(to, end).trim(), line.witness, link.href];
    });
    return "\ufeff" + [["texte", "auteur", "date", "lieu", "gauche", "mot", "droite", "source", "adresse"], ...rows].map((row) => row.map(cell).join(",")).join("\r\n") + "\r\n";
  }

  let lines = [], put = 0, latest = 0;
  function show() {
    table.append(...lines.slice(put, put + PAGE).map(row));
    put = Math.min(put + PAGE, lines.length);
    more.hidden = put >= lines.length;
    more.replaceChildren(...find.raised(`Afficher la suite (${figures(lines.length - put)})`));
  }

  function clear() {
    lines = [];
    put = 0;
    [table, counts].forEach((part) => part.replaceChildren());
    said.textContent = "";
    more.hidden = true;
    document.documentElement.classList.remove("is-found");
  }

  async function ask() {
    const turn = ++latest;
    const question = box.value.trim(), text = form.elements.texte.value, order = form.elements.tri.value;
    const accents = form.elements.accents.checked;
    const part = form.elements.partie?.value ?? "";
    remember({ q: question, texte: text, partie: part, tri: order, accents: accents ? "1" : "" });
    const sequences = question.replace(/[“”«»„"]/g, " ").split("|").map((said) => find.sequence(said, true)).filter(({ words }) => words.length);
    document.documentElement.classList.toggle("is-asked", sequences.length > 0);
    if (!sequences.length) {
      clear();
      return tell(question ? "Écrivez au moins un mot." : "");
    }
    try {
      const wanted = texts.map(([id], n) => [n, id]).filter(([, id]) => !text || id === text);
      const chosen = await Promise.all(wanted.map(async ([n, id]) => [n, await find.theText(id)]));
      if (turn !== latest) return;
      clear();
      for (const [n, passages] of chosen) {
        for (const line of placesIn(passages.filter((passage) => find.isPart(passage.part, part)), sequences, accents)) lines.push({ ...line, text: n, place: lines.length });
      }
      lines.sort(ORDERS[order]);
      const of = new Set(lines.map(({ text }) => text)).size;
      tell(lines.length ? `${counted(lines.length, "occurrence")} dans ${counted(of, "texte")}.` : "Aucune occurrence. Essayez le début du mot, suivi d’une étoile.");
      document.documentElement.classList.toggle("is-found", lines.length > 0);
      tally(lines, chosen);
      show();
    } catch (error) {
      if (turn !== latest) return;
      clear();
      if (!error.lost) throw error; // an error of this script, not a missing file
      tell(`Les mots d’un texte n’ont pas pu être lus (${error.message}). Rechargez la page.`);
    }
  }

  const given = new URLSearchParams(location.search);
  for (const name of ["q", "texte", "partie", "tri"]) if (given.get(name) && form.elements[name]) form.elements[name].value = given.get(name);
  form.elements.accents.checked = given.get("accents") === "1";

  listen(form, box, ask);
  more.addEventListener("click", () => {
    const first = table.children.length;
    show();
    one("a", table.children[first])?.focus();
  });
  csv.addEventListener("click", () => {
    const address = URL.createObjectURL(new Blob([asCsv(lines)], { type: "text/csv;charset=utf-8" }));
    make("a", { href: address, download: `concordance-${find.fold(box.value).replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "") || "mots"}.csv` }).click();
    setTimeout(() => URL.revokeObjectURL(address), 1000);
  });
  if (box.value) ask();
})();
