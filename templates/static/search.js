// The search: looks up the passages that have the words, ranks them and shows them.
"use strict";
(() => {
  if (!find.parse) return document.querySelector("[data-said]").append("Le script words.js n’a pas pu être lu.");
  const { make, counted } = archive.tools;
  const { listen, remember, tell } = find;
  const one = (selector, within = document) => within.querySelector(selector);
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const form = one("form.question"), box = one("[name=q]", form);
  const list = one("[data-results]"), more = one("[data-more]"), asides = one("[data-asides]");
  const PAGE = 20; // results shown at a time
  const RERANKED = 40; // the most passages read for ranking, if there are more than AT_ONCE texts
  const AT_ONCE = 40; // the most texts loaded to count a phrase exactly
  const AROUND = 190; // characters shown on each side of the first word found
  const FAMILY = 0.5; // the weight of a form of the same family; that of the form in the query is 1
  const BEGUN = 4; // the least letters with which an unknown word counts as the beginning of others
  const MISSPELT = 5; // the least letters of a word that may be misspelt
  const EXCHANGED = ["ck", "ijy", "sz", "vw"]; // initials that vary between spellings of a name

  // ------------------------------------------------------------- the index

  const DIGITS = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_";
  const VALUES = new Map([...DIGITS].map((digit, i) => [digit, i]));
  function numbers(coded) {
    const found = [];
    let value = 0;
    for (const digit of coded) {
      const figure = VALUES.get(digit);
      value = value * 32 + (figure % 32);
      if (figure < 32) { found.push(value); value = 0; }
    }
    return found;
  }

  let index = null, opening = null;
  const theIndex = () => opening ||= opened().catch((error) => { opening = null; throw error; });
  async function opened() {
    const [stride, prefixes, moved, small, speakers, texts] = await find.theIndex();
    let passages = 0, words = 0;
    for (const text of texts) {
      text.passages = numbers(text.passages);
      text.lengths = numbers(text.lengths).map((coded) => 2 ** (coded / 2));
      passages += text.lengths.length;
      words += text.lengths.reduce((sum, length) => sum + length, 0);
    }
    index = { stride, prefixes, own: new Set(prefixes), moved: new Map(Object.entries(moved)), small: new Set(small), speakers, texts, passages, mean: words / (passages || 1) };
  }
  const placed = (place) => {
    const text = index.texts[Math.floor(place / index.stride)], n = place % index.stride;
    return { text, n, part: text.parts[text.passages[n]], length: text.lengths[n] };
  };

  const shards = new Map();
  async function theShard(prefix) {
    if (shards.has(prefix)) return shards.get(prefix);
    const [lines, entries] = await find.theShard(prefix);
    const words = lines.split("\n").map((line, row) => {
      const [shown, up, coded] = line.split(" ");
      return { shown, form: find.fold(shown), head: row - Number(up), coded };
    });
    const shard = { words, entries, byForm: new Map(words.map((word) => [word.form, word])) };
    shards.set(prefix, shard);
    return shard;
  }
  // The passages that have a word, each with the number of its occurrences.
  const places = (word) => {
    if (!word.places) {
      let at = 0;
      word.places = new Map();
      for (const step of numbers(word.coded)) {
        at += step;
        word.places.set(at, (word.places.get(at) || 0) + 1);
      }
    }
    return word.places;
  };
  const ownPrefix = (word) => {
    for (let n = word.length; n > 0; n--) if (index.own.has(word.slice(0, n))) return word.slice(0, n);
    return null;
  };
  const prefixOf = (word) => index.moved.get(word) || ownPrefix(word);
  async function beginning(start) {
    const prefixes = new Set(index.prefixes.filter((prefix) => prefix.startsWith(start)));
    const own = ownPrefix(start);
    if (own) prefixes.add(own);
    for (const [word, prefix] of index.moved) if (word.startsWith(start)) prefixes.add(prefix);
    const found = await Promise.all([...prefixes].map(theShard));
    return found.flatMap(({ words }) => words.filter((word) => word.form.startsWith(start)));
  }

  // ------------------------------------------------------------- from a word to its forms

  // The edit distance: letters changed, left out, added or exchanged. Above `most`, any larger number.
  function distance(a, b, most) {
    if (Math.abs(a.length - b.length) > most) return most + 1;
    let before = [], row = Array.from({ length: b.length + 1 }, (_, j) => j);
    for (let i = 1; i <= a.length; i++) {
      const next = [i];
      for (let j = 1; j <= b.length; j++) {
        next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] !== b[j - 1]));
        if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) next[j] = Math.min(next[j], before[j - 2] + 1);
      }
      before = row;
      row = next;
    }
    return row[b.length];
  }

  // The nearest words: those at a small edit distance, else the neighbours in the alphabet.
  async function near(form) {
    const alike = EXCHANGED.find((letters) => letters.includes(form[0])) || form[0];
    const second = index.prefixes.length > 200 ? form[1] || "" : "";
    let words = (await Promise.all([...alike].map((letter) => beginning(letter + second)))).flat();
    if (!words.length) words = await beginning(index.prefixes.reduce((best, prefix) => (prefix < form ? prefix : best), index.prefixes[0] || ""));
    const most = form.length < 5 ? 1 : form.length < 9 ? 2 : 3;
    const close = words.map((word) => [distance(form, word.form, most), word]).filter(([d]) => d <= most).sort(([a, v], [b, w]) => a - b || places(w).size - places(v).size);
    if (close.length) return close.slice(0, 6).map(([d, word]) => ({ word, d }));
    words.sort((a, b) => (a.form < b.form ? -1 : 1));
    const after = words.findIndex((word) => word.form > form);
    const at = after < 0 ? words.length : after;
    return words.slice(Math.max(0, at - 3), at + 3).map((word) => ({ word, d: Infinity }));
  }

  // The forms that a word of the query matches, each with its weight.
  async function formsOf(asked, exact, last) {
    if (asked.open) return { forms: (await beginning(asked.form)).map((word) => ({ word, weight: 1 })), open: true };
    const prefix = prefixOf(asked.form);
    const shard = prefix && await theShard(prefix);
    const word = shard?.byForm.get(asked.form);
    if (word && exact) return { forms: [{ word, weight: 1 }] };
    if (word) return { forms: shard.words.filter(({ head }) => head === word.head).map((other) => ({ word: other, weight: other === word ? 1 : FAMILY })) };
    if (exact) return { forms: [], lacking: await near(asked.form) };
    if (asked.form.length >= BEGUN || (last && asked.form.length === BEGUN - 1)) {
      const begun = await beginning(asked.form);
      if (begun.length) return { forms: begun.map((word) => ({ word, weight: FAMILY })), open: true };
    }
    const lacking = await near(asked.form);
    const misspelt = asked.form.length >= MISSPELT && asked.said !== asked.said.toUpperCase();
    const sure = lacking.filter(({ d }) => misspelt && d <= (asked.form.length < 8 ? 1 : 2));
    const least = Math.min(...sure.map(({ d }) => d));
    const taken = await Promise.all(sure.filter(({ d }) => d === least).map(({ word }) => formsOf({ form: word.form, said: word.shown }, false, false)));
    return { forms: taken.flatMap(({ forms }) => forms.map(({ word }) => ({ word, weight: FAMILY }))), lacking, instead: taken.length > 0 };
  }

  // ------------------------------------------------------------- from words to passages

  // For each passage that has all words of a sequence, the weighted count of the rarest word.
  function together(words) {
    let found = null;
    for (const { forms } of words) {
      const here = new Map();
      for (const { word, weight } of forms) {
        for (const [place, times] of places(word)) {
          if (!found || found.has(place)) here.set(place, (here.get(place) || 0) + times * weight);
        }
      }
      if (found) for (const [place, times] of here) here.set(place, Math.min(times, found.get(place)));
      found = here;
    }
    return found || new Map();
  }

  async function answer(clauses) {
    const final = clauses.flatMap(({ any }) => any.flatMap(({ words }) => words)).at(-1);
    await Promise.all(clauses.flatMap(({ any, not }) => any.flatMap(({ words, exact }) => words.map(async (word) => {
      const found = await formsOf(word, exact, word === final && /[\p{L}\p{N}]$/u.test(box.value));
      // An excluded word is taken literally, never as a beginning or a misspelling.
      Object.assign(word, not && (found.instead || (found.open && !word.open)) ? { forms: [] } : found);
      word.matches = new Set(word.forms.map(({ word: { form } }) => form));
    }))));
    for (const clause of clauses) {
      clause.places = new Map();
      for (const { words } of clause.any) {
        for (const [place, times] of together(words)) clause.places.set(place, (clause.places.get(place) || 0) + times);
      }
      clause.worth = Math.log(1 + (index.passages - clause.places.size + 0.5) / (clause.places.size + 0.5));
      clause.read = clause.any.some(({ words }) => words.length > 1);
    }
    const wanted = clauses.filter(({ not }) => !not), unwanted = clauses.filter(({ not }) => not);
    // Small words count only if the query has no others, or within quotation marks.
    const telling = wanted.filter(({ any }) => any.some(({ words, exact }) => exact || words.length > 1 || words[0].open || !index.small.has(words[0].form)));
    const must = telling.length ? telling : wanted;
    const scores = new Map();
    for (const clause of must) {
      for (const [place, times] of clause.places) {
        const score = scores.get(place) || { worth: 0, had: 0 };
        // BM25: the weight of a word grows with its rarity and its count, and with shorter passages.
        score.worth += (clause.worth * times * 2.2) / (times + 1.2 * (0.4 + (0.6 * placed(place).length) / index.mean));
        score.had += 1;
        scores.set(place, score);
      }
    }
    const barred = (place) => unwanted.some((clause) => !clause.read && clause.places.has(place));
    let had = must.length;
    let candidates = [...scores].filter(([place, { had }]) => had === must.length && !barred(place));
    if (!candidates.length && must.length > 1 && !must.some(({ read }) => read)) {
      had = [...scores.values()].reduce((most, score) => Math.max(most, score.had), 0);
      candidates = [...scores].filter(([place, score]) => score.had === had && !barred(place));
    }
    // For a query of one word, passages with that exact form come first.
    const [only, ...others] = must.length === 1 && must[0].any.length === 1 ? must[0].any[0].words : [];
    const itself = new Set(only && !others.length ? only.forms.filter(({ weight }) => weight === 1).flatMap(({ word }) => [...places(word).keys()]) : []);
    const ranked = candidates.map(([place, { worth }]) => {
      const { text, n, part } = placed(place);
      return { place, text, n, part, score: worth + 10 * itself.has(place) };
    });
    const plain = wanted.every(({ any }) => any.length === 1 && !any[0].exact) ? wanted.flatMap(({ any }) => any[0].words) : [];
    return { ranked, wanted: must, unwanted, plain, partly: had < must.length, read: clauses.some(({ read }) => read) };
  }

  // ------------------------------------------------------------- filters

  const FILTERS = {
    texte: ({ text }, value) => text.id === value,
    auteur: ({ text }, value) => text.creator === value,
    genre: ({ text }, value) => text.kind === value,
    partie: ({ part }, value) => find.isPart(part, value),
    depuis: ({ text }, value) => text.years !== null && text.years[1] >= Number(value),
    jusque: ({ text }, value) => text.years !== null && text.years[0] <= Number(value),
  };
  const chosen = () => Object.fromEntries(Object.keys(FILTERS).map((name) => [name, form.elements[name]?.value || ""]).filter(([, value]) => value));
  const passing = (results, filters, but) => results.filter((result) => Object.entries(filters).every(([name, value]) => name === but || FILTERS[name](result, value)));

  function count(results, filters) {
    for (const select of all("select[data-filter-by]", form)) {
      const kinds = new Map(); // results that are equal for this filter: one of them, and their number
      const others = results ? passing(results, filters, select.name) : [];
      for (const result of others) {
        const key = select.name === "partie" ? result.part : result.text;
        const kind = kinds.get(key) || { result, n: 0 };
        kind.n += 1;
        kinds.set(key, kind);
      }
      for (const option of select.options) {
        let n = 0;
        for (const kind of kinds.values()) if (!option.value || FILTERS[select.name](kind.result, option.value)) n += kind.n;
        option.textContent = option.dataset.name ??= option.textContent;
        if (results) option.textContent += ` (${n})`;
      }
    }
  }

  // ------------------------------------------------------------- reading the passages

  async function read(result, asked) {
    const passage = (await find.theText(result.text.id))[result.n];
    const { tokens } = passage;
    const has = (i, word) => {
      const test = (form) => word.matches.has(form) || (word.open && form.startsWith(word.form));
      return test(tokens.forms[i]) || find.other(tokens, i, test) !== undefined;
    };
    const found = asked.wanted.map(({ any }) => any.flatMap(({ words }) => [...find.standing(tokens.forms.length, words, has)].map((i) => [i, i + words.length - 1, words])));
    const barred = asked.unwanted.some(({ any }) => any.some(({ words }) => !find.standing(tokens.forms.length, words, has).next().done));
    const right = !barred && asked.wanted.every(({ read }, n) => !read || found[n].length);
    const spans = found.flat().sort((a, b) => a[0] - b[0]).map(([first, last, words]) => {
      const test = (form) => words.at(-1).matches.has(form);
      const witness = first === last && !test(tokens.forms[first]) ? find.other(tokens, first, test) : undefined;
      return [first, find.reach(tokens, first, last, test), witness?.witness ? witness.said : ""];
    });
    // The words of the query side by side, exactly as written, get the highest value.
    const asWritten = asked.plain.length > 1 && !find.standing(tokens.forms.length, asked.plain, (i, word) => tokens.forms[i] === word.form).next().done;
    return Object.assign(result, { passage, spans, right, near: asWritten ? 4 : nearness(found) });
  }

  // The nearness of the words of the query: 1 if they are side by side, towards 0 if far apart.
  function nearness(found) {
    if (found.length < 2 || found.some((spans) => !spans.length)) return 0;
    const at = found.flatMap((spans, clause) => spans.map(([first]) => [first, clause])).sort((a, b) => a[0] - b[0]);
    const last = new Array(found.length).fill(-Infinity);
    let least = Infinity;
    for (const [first, clause] of at) {
      last[clause] = first;
      least = Math.min(least, first - last.reduce((a, b) => Math.min(a, b)));
    }
    return 1 / Math.max(1, least - found.length + 2);
  }

  // ------------------------------------------------------------- showing the results

  const question = (words, asked = words) => make("a", { href: "?q=" + encodeURIComponent(asked), class: "ask" }, ...find.raised(words));
  const phrase = (words) => question(words, `"${words}"`);
  const listed = (nodes) => nodes.flatMap((node, i) => (i ? [", ", node] : [node]));

  function shown({ passage, spans, text, part }) {
    const { tokens } = passage;
    const found = spans.map(([first, last, said]) => [tokens.starts[first], tokens.ends[last], said]);
    const words = tokens.text;
    // Show the part of the passage with the most words found.
    const width = 2 * AROUND;
    const near = (start) => found.filter(([from, to]) => from >= start && to <= start + width).length;
    const first = found.reduce((best, [start]) => (near(start) > near(best) ? start : best), found[0]?.[0] || 0);
    const inside = found.filter(([from, to]) => from >= first && to <= first + width);
    const middle = inside.length ? (first + inside.at(-1)[1]) / 2 : 0;
    let from = Math.max(0, Math.min(middle - AROUND, words.length - width)), to = Math.min(words.length, from + width);
    if (from > 0) from = words.indexOf(" ", from) + 1;
    if (to < words.length) to = Math.max(words.lastIndexOf(" ", to), from);
    const body = make("p", { class: "words" }, from > 0 ? "… " : "", ...find.excerpt(passage, from, to, found), to < words.length ? " …" : "");
    const sought = spans.map(([first, last]) => tokens.forms.slice(first, last + 1));
    const voice = { q: "citation", s: "prise de parole" }[part[0]] ?? "";
    const speakers = voice ? part.split(" ").slice(1).map((key) => index.speakers[key]).join(", ") : "";
    const said = speakers ? voice + (/^[AEIOUYÀÂÄÉÈÊËÎÏÔÖÙÛÜŒ]/i.test(speakers) ? " d’" : " de ") + speakers : voice;
    return make("li", {},
      make("h2", {}, make("a", { href: find.to(passage, sought) }, ...find.raised(text.title), ", ", passage.where)),
      make("p", { class: "extent" }, ...find.raised([text.creator, text.date, passage.chapter, said].filter(Boolean).join(" · "))), body);
  }

  const shortened = (words) => (words.length > 60 ? words.slice(0, 60) + "…" : words);
  const quoted = (words) => `«\u202f${shortened(words)}\u202f»`;

  // Shows how the query was interpreted, and the entries that it names. Returns what screen readers should
  // announce: the words that no text has, and what was searched for instead.
  function beside(asked, entries, said) {
    asides.replaceChildren();
    const heard = [];
    const say = (...words) => {
      const line = make("p", {}, ...words.flatMap((part) => (typeof part === "string" ? [...find.raised(part)] : [part])));
      asides.append(line);
      return line.textContent;
    };
    for (const [href, name, what, forms = []] of entries) {
      const also = forms.length && !asked.instead ? [" · aussi\u00a0: ", ...listed(forms.map(phrase))] : [];
      asides.append(make("p", { class: "to-entry" }, make("a", { href }, ...find.raised(name)), make("span", { class: "extent" }, " ", ...find.raised(what), ...also)));
    }
    const families = new Set();
    if (asked.instead) heard.push(say(`Aucun texte n’a ${quoted(said)}. L’index réunit sous ce nom\u00a0: `, ...listed(asked.instead.map(phrase)), "."));
    for (const word of asked.instead ? [] : asked.wanted.flatMap(({ any }) => any.flatMap(({ words }) => words))) {
      const shown = word.forms.map(({ word: { shown } }) => shown);
      if (word.lacking && word.instead) heard.push(say(`Aucun texte n’a ${quoted(word.said)}\u202f; cherché à la place\u00a0: `, ...listed(shown.map((form) => question(form))), "."));
      else if (word.lacking) heard.push(say(`Aucun texte n’a ${quoted(word.said)}. Formes voisines\u00a0: `, ...listed(word.lacking.map(({ word }) => question(word.shown))), "."));
      else if (shown.length > 1) families.add(shown.slice(0, 12).join(", ") + (shown.length > 12 ? ` et ${counted(shown.length - 12, "autre")}` : ""));
    }
    if (families.size) say(make("span", { class: "extent" }, ...find.raised(`Formes réunies\u00a0: ${[...families].join("\u202f; ")}. Entre guillemets, un mot est pris tel quel.`)));
    const barred = asked.unwanted.flatMap(({ any }) => any.map(({ words }) => words.map(({ said, forms }) => (words.length > 1 ? said : forms.map(({ word }) => word.shown).join(", ") || "aucun mot des textes")).join(" ")));
    if (barred.length) say(make("span", { class: "extent" }, ...find.raised(`Sans\u00a0: ${shortened(barred.join("\u202f; "))}.`)));
    // The concordance has no families, so the link lists the forms.
    if (asked.wanted.length === 1 && !asked.unwanted.length && asked.ranked.length) {
      const all = asked.wanted[0].any.flatMap(({ words }) => (words.length > 1 ? [words.map(({ said, open }) => said + (open ? "*" : "")).join(" ")]
        : words[0].open ? [words[0].said + "*"] : words[0].forms.map(({ word: { shown } }) => shown.normalize("NFKC"))));
      const where = new URLSearchParams({ q: all.join(" | "), ...(form.elements.texte?.value && { texte: form.elements.texte.value }) });
      asides.append(make("p", {}, make("a", { href: "../concordance/index.html?" + where }, "Toutes les occurrences, en concordance")));
    }
    return heard.join(" ");
  }

  // The entries with the words of the query as a form; else those with a form in the family of its only
  // word.
  async function entriesFor(words) {
    const prefix = words.length && prefixOf(words[0].form);
    if (!prefix) return [];
    const { entries, words: all, byForm } = await theShard(prefix);
    const asked = words.map(({ form }) => form).join(" ");
    const head = words.length === 1 ? byForm.get(asked)?.head : undefined;
    const family = new Set(all.filter((word) => word.head === head).map(({ form }) => form));
    let named = entries.filter(([words]) => words === asked);
    if (!named.length) named = entries.filter(([words]) => family.has(words));
    return [...new Map(named.map(([, href, ...entry]) => [href, [href, ...entry]])).values()];
  }

  // ------------------------------------------------------------- queries

  let latest = 0, answered = null;

  function clear() {
    answered = null;
    [asides, list].forEach((part) => part.replaceChildren());
    more.hidden = true;
  }

  async function ask(shown = PAGE) {
    const turn = ++latest;
    const said = box.value.trim();
    const filters = chosen(), order = form.elements.tri.value;
    const used = Object.keys(filters).length;
    remember({ q: said, ...filters, tri: order }, shown);
    document.documentElement.classList.toggle("is-asked", said !== "");
    one("[data-used]").textContent = used ? ` (${used})` : "";
    one("[data-unfiltered]").hidden = !used;
    const clauses = find.parse(said);
    if (!clauses.some(({ not }) => !not)) {
      if (index) count(null, {});
      clear();
      return tell(said ? "Écrivez au moins un mot à chercher." : "");
    }
    try {
      await theIndex();
      let now = await answer(clauses);
      const entries = await entriesFor(find.sequence(said, false).words);
      let results = await settle(now, filters, order);
      const forms = entries.flatMap(([, , , forms = []]) => forms);
      if (forms.length && (!now.ranked.length || now.partly)) {
        now = await answer([{ any: forms.map((form) => find.sequence(form, true)), not: false }]);
        now.instead = forms;
        results = await settle(now, filters, order);
      }
      const reply = { asked: now, results, put: 0 };
      const found = await next(reply, shown);
      if (turn !== latest) return;
      answered = reply;
      count(now.whole ? now.ranked : null, filters);
      const heard = beside(now, entries, said.replace(/[“”«»"]/g, "").trim());
      list.replaceChildren(...found);
      more.hidden = answered.put >= results.length;
      const texts = new Set(results.map(({ text }) => text.id)).size;
      const all = `${counted(results.length, "passage")} dans ${counted(texts, "texte")}`;
      const told = results.length === 0
        ? now.ranked.length && used ? `Aucun passage avec ces filtres\u202f; sans eux, ${counted(now.ranked.length, "passage")}.` : "Aucun passage."
        : (now.partly ? "Aucun passage n’a tous ces mots\u202f; voici ceux qui en ont le plus\u00a0: " : "") + (now.whole ? all : `au plus ${all}`) + ".";
      tell(told, `${told} ${heard}`.trim());
    } catch (error) {
      if (turn !== latest) return;
      clear();
      lost(error);
    }
  }
  function lost(error) {
    if (!error.lost) throw error; // an error of this script, not a missing file
    tell(`Un fichier de la recherche n’a pas pu être lu (${error.message}). Rechargez la page\u202f; les index et les textes restent lisibles.`);
  }

  // The results, filtered and in order. Phrases are checked in the texts; `whole`: in all of them.
  async function settle(now, filters, order) {
    now.ranked.sort((a, b) => b.score - a.score || a.place - b.place);
    now.whole = true;
    if (now.read) {
      const texts = new Set(now.ranked.map(({ text }) => text.id));
      now.whole = texts.size <= AT_ONCE;
      const first = new Set([...texts].slice(0, AT_ONCE));
      await Promise.all(now.ranked.filter(({ text }) => first.has(text.id)).map((result) => read(result, now)));
      now.ranked = now.ranked.filter((result) => result.right !== false);
    }
    const left = passing(now.ranked, filters);
    if (order === "date") return left.sort((a, b) => a.place - b.place);
    if (now.wanted.length > 1 || now.plain.length > 1) {
      const most = index.texts.length > AT_ONCE ? RERANKED : left.length;
      await Promise.all(left.slice(0, most).map((result) => result.passage || read(result, now)));
    }
    for (const result of left) result.rank = result.score * (1 + (result.near || 0));
    return left.sort((a, b) => b.rank - a.rank || a.place - b.place);
  }

  // The next results, at most `most`, as elements.
  async function next(answer, most) {
    const found = [];
    let { put } = answer;
    while (found.length < most && put < answer.results.length) {
      const batch = answer.results.slice(put, put + most - found.length);
      await Promise.all(batch.map((result) => result.passage || read(result, answer.asked)));
      put += batch.length;
      found.push(...batch.filter(({ right }) => right));
    }
    answer.put = put;
    return found.map(shown);
  }

  function restore() {
    const given = new URLSearchParams(location.search);
    for (const name of ["q", "tri", ...Object.keys(FILTERS)]) {
      if (form.elements[name]) form.elements[name].value = given.get(name) || "";
    }
    if (Object.keys(chosen()).length) one(".filters").open = true;
    ask(history.state?.shown || PAGE);
  }

  listen(form, box, () => ask());
  one("[data-unfiltered]").addEventListener("click", () => {
    for (const name of Object.keys(FILTERS)) if (form.elements[name]) form.elements[name].value = "";
    one(".filters summary").focus();
    ask();
  });
  more.addEventListener("click", async () => {
    const answer = answered;
    try {
      const found = await next(answer, PAGE);
      if (answer !== answered) return;
      list.append(...found);
      more.hidden = answer.put >= answer.results.length;
      if (found.length) one("a", found[0]).focus();
      remember({ q: box.value.trim(), ...chosen(), tri: form.elements.tri.value }, list.children.length);
    } catch (error) {
      if (answer === answered) lost(error);
    }
  });
  // A click on a proposed form starts a new query, with its own entry in the history.
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a.ask");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    try { history.pushState(null, "", link.search); } catch { /* not allowed for a file on disk */ }
    box.value = new URLSearchParams(link.search).get("q");
    box.focus();
    ask();
  });
  addEventListener("popstate", () => { if (history.state) restore(); }); // without a state, the event is a jump within the page
  restore();
})();
