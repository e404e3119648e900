// The search: asks the index which passages have the words, ranks them, shows them.
"use strict";
(() => {
  const { make, plural, listen, remember } = find;
  const one = (selector, within = document) => within.querySelector(selector);
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const form = one("form.question"), box = one("[name=q]", form);
  const status = one("[data-said]"), list = one("[data-results]"), more = one("[data-more]"), asides = one("[data-asides]");
  const PAGE = 20; // results shown at a time
  const RERANKED = 40; // passages ranked by how close together the words stand, too
  const AT_ONCE = 40; // texts that are loaded to count a phrase to the last
  const AROUND = 190; // letters shown on each side of the first word found
  const FAMILY = 0.6; // what a form of the same family counts for, beside the form asked for
  const SMALL = new Set(("a au aux avec c ce ces cet cette d dans de des du elle elles en est et eux il ils je l la le les leur leurs lui m mais me n ne nous "
    + "on ou par pas pour qu que qui s sa se ses si son sont sur t un une vous y").split(" "));

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

  let index = null;
  async function theIndex() {
    if (index) return index;
    const [stride, prefixes, moved, speakers, texts] = await find.theIndex();
    let passages = 0, words = 0;
    for (const text of texts) {
      text.passages = numbers(text.passages);
      text.lengths = numbers(text.lengths).map((coded) => 2 ** (coded / 2));
      passages += text.lengths.length;
      words += text.lengths.reduce((sum, length) => sum + length, 0);
    }
    return index = { stride, prefixes, own: new Set(prefixes), moved: new Map(Object.entries(moved)), speakers, texts, passages, mean: words / (passages || 1) };
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
  const places = (word) => {
    if (!word.places) {
      let at = 0;
      word.places = numbers(word.coded).map((step) => at += step);
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

  // Letters that differ, left out, added or exchanged, up to `most`.
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

  // The nearest words: those that few letters tell apart, else the neighbours in the alphabet.
  async function near(form) {
    let words = await beginning(form.slice(0, index.prefixes.length > 200 ? 2 : 1));
    if (!words.length) words = await beginning(index.prefixes.reduce((best, prefix) => (prefix < form ? prefix : best), index.prefixes[0] || ""));
    const most = form.length < 5 ? 1 : form.length < 9 ? 2 : 3;
    const close = words.map((word) => [distance(form, word.form, most), word]).filter(([d]) => d <= most).sort(([a, v], [b, w]) => a - b || places(w).length - places(v).length);
    if (close.length) return close.slice(0, 6).map(([d, word]) => ({ word, d }));
    words.sort((a, b) => (a.form < b.form ? -1 : 1));
    const after = words.findIndex((word) => word.form > form);
    const at = after < 0 ? words.length : after;
    return words.slice(Math.max(0, at - 3), at + 3).map((word) => ({ word, d: Infinity }));
  }

  // The forms that a word of the question stands for, each with its weight.
  async function formsOf(asked, exact, last) {
    if (asked.open) return { forms: (await beginning(asked.form)).map((word) => ({ word, weight: 1 })), open: true };
    const prefix = prefixOf(asked.form);
    const shard = prefix && await theShard(prefix);
    const word = shard?.byForm.get(asked.form);
    if (word && exact) return { forms: [{ word, weight: 1 }] };
    if (word) return { forms: shard.words.filter(({ head }) => head === word.head).map((other) => ({ word: other, weight: other === word ? 1 : FAMILY })) };
    if (exact) return { forms: [], lacking: await near(asked.form) };
    if (last && asked.form.length > 2) {
      const begun = await beginning(asked.form);
      if (begun.length) return { forms: begun.map((word) => ({ word, weight: FAMILY })), open: true };
    }
    const lacking = await near(asked.form);
    const sure = lacking.filter(({ d }) => d <= (asked.form.length < 4 ? 0 : asked.form.length < 8 ? 1 : 2));
    const least = Math.min(...sure.map(({ d }) => d));
    const taken = await Promise.all(sure.filter(({ d }) => d === least).map(({ word }) => formsOf({ form: word.form }, false, false)));
    return { forms: taken.flatMap(({ forms }) => forms.map(({ word }) => ({ word, weight: FAMILY }))), lacking, instead: taken.length > 0 };
  }

  // ------------------------------------------------------------- from words to passages

  // For each place that has all words of a sequence, the least of their weights.
  function together(words) {
    let found = null;
    for (const { forms } of words) {
      const here = new Map();
      for (const { word, weight } of forms) {
        for (const place of places(word)) {
          const before = found ? found.get(place) : 1;
          if (before !== undefined) here.set(place, Math.max(here.get(place) || 0, Math.min(before, weight)));
        }
      }
      found = here;
    }
    return found || new Map();
  }

  async function answer(clauses) {
    const final = clauses.flatMap(({ any }) => any.flatMap(({ words }) => words)).at(-1);
    await Promise.all(clauses.flatMap(({ any }) => any.flatMap(({ words, exact }) => words.map(async (word) => {
      Object.assign(word, await formsOf(word, exact, word === final && /[\p{L}\p{N}]$/u.test(box.value)));
      word.matches = new Set(word.forms.map(({ word: { form } }) => form));
    }))));
    for (const clause of clauses) {
      clause.places = new Map();
      for (const { words } of clause.any) {
        for (const [place, weight] of together(words)) clause.places.set(place, Math.max(clause.places.get(place) || 0, weight));
      }
      clause.worth = Math.log(1 + (index.passages - clause.places.size + 0.5) / (clause.places.size + 0.5));
      clause.read = clause.any.some(({ words }) => words.length > 1);
    }
    const wanted = clauses.filter(({ not }) => !not), unwanted = clauses.filter(({ not }) => not);
    // Little words are asked for only where nothing else is, or within quotation marks.
    const telling = wanted.filter(({ any }) => any.some(({ words, exact }) => exact || words.length > 1 || !SMALL.has(words[0].form)));
    const must = telling.length ? telling : wanted;
    const scores = new Map();
    for (const clause of must) {
      for (const [place, weight] of clause.places) {
        const score = scores.get(place) || { worth: 0, had: 0 };
        score.worth += clause.worth * weight;
        score.had += 1;
        scores.set(place, score);
      }
    }
    const barred = (place) => unwanted.some((clause) => !clause.read && clause.places.has(place));
    let had = must.length;
    let candidates = [...scores].filter(([place, { had }]) => had === must.length && !barred(place));
    if (!candidates.length && must.length > 1 && !must.some(({ read }) => read)) {
      had = Math.max(0, ...[...scores.values()].map((score) => score.had));
      candidates = [...scores].filter(([place, score]) => score.had === had && had > 0 && !barred(place));
    }
    const ranked = candidates.map(([place, { worth }]) => {
      const { text, n, part, length } = placed(place);
      return { place, text, n, part, score: (worth * 2.2) / (1 + 1.2 * (0.4 + (0.6 * length) / index.mean)) };
    });
    return { ranked, wanted: must, unwanted, partly: had < must.length, read: clauses.some(({ read }) => read) };
  }

  // ------------------------------------------------------------- filters

  const FILTERS = {
    texte: ({ text }, value) => text.id === value,
    auteur: ({ text }, value) => text.creator === value,
    genre: ({ text }, value) => text.kind === value,
    partie: ({ part }, value) => value.split(" ").every((word) => part.split(" ").includes(word)),
    depuis: ({ text }, value) => text.years !== null && text.years[1] >= Number(value),
    jusque: ({ text }, value) => text.years !== null && text.years[0] <= Number(value),
  };
  const chosen = () => Object.fromEntries(Object.keys(FILTERS).map((name) => [name, form.elements[name]?.value || ""]).filter(([, value]) => value));
  const passing = (results, filters, but) => results.filter((result) => Object.entries(filters).every(([name, value]) => name === but || FILTERS[name](result, value)));

  function count(results, filters) {
    for (const select of all("select[data-filter-by]", form)) {
      const others = results && passing(results, filters, select.name);
      for (const option of select.options) {
        const n = others && (option.value ? others.filter((result) => FILTERS[select.name](result, option.value)).length : others.length);
        option.textContent = option.dataset.name ??= option.textContent;
        if (results) option.textContent += ` (${n})`;
      }
    }
  }

  // ------------------------------------------------------------- reading the passages themselves

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
      const test = (form) => words[0].matches.has(form);
      const witness = first === last && !test(tokens.forms[first]) ? find.other(tokens, first, test) : undefined;
      return [first, last, witness?.witness ? witness.said : ""];
    });
    return Object.assign(result, { passage, spans, right, near: nearness(found) });
  }

  // How close together the words of the question stand: 1 side by side, towards 0 far apart.
  function nearness(found) {
    if (found.length < 2 || found.some((spans) => !spans.length)) return 0;
    const at = found.flatMap((spans, clause) => spans.map(([first]) => [first, clause])).sort((a, b) => a[0] - b[0]);
    const last = new Array(found.length).fill(-Infinity);
    let least = Infinity;
    for (const [first, clause] of at) {
      last[clause] = first;
      least = Math.min(least, first - Math.min(...last));
    }
    return 1 / Math.max(1, least - found.length + 2);
  }

  // ------------------------------------------------------------- showing them

  const question = (words, asked = words) => make("a", { href: "?q=" + encodeURIComponent(asked), class: "ask" }, ...find.raised(words));
  const phrase = (words) => question(words, `"${words}"`);
  const listed = (nodes) => nodes.flatMap((node, i) => (i ? [", ", node] : [node]));

  function shown({ passage, spans, text, part }) {
    const { tokens } = passage;
    const found = spans.map(([first, last, said]) => [tokens.starts[first], tokens.ends[last], said]);
    const words = tokens.text;
    // Where most of the words found stand within the letters that are shown.
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
    const speakers = part[0] === "q" ? part.split(" ").slice(1).map((key) => index.speakers[key]).join(", ") : "";
    const said = part[0] === "q" ? (speakers ? "citation de " + speakers : "citation") : "";
    return make("li", {},
      make("h2", {}, make("a", { href: find.to(passage, sought) }, ...find.raised(text.title), ", ", passage.where)),
      make("p", { class: "extent" }, ...find.raised([text.creator, text.date, passage.chapter, said].filter(Boolean).join(" · "))), body);
  }

  // What the reader should know of how the question was understood, and the entries it names.
  function beside(asked, entries, said) {
    asides.replaceChildren();
    const say = (...words) => asides.append(make("p", {}, ...words));
    for (const [href, name, what, forms = []] of entries) {
      const also = forms.length && !asked.instead ? [" · aussi\u00a0: ", ...listed(forms.map(phrase))] : [];
      asides.append(make("p", { class: "to-entry" }, make("a", { href }, name), make("span", { class: "extent" }, " ", what, ...also)));
    }
    const families = [];
    if (asked.instead) say(`Aucun texte n’a «\u202f${said}\u202f». L’index réunit sous ce nom\u00a0: `, ...listed(asked.instead.map(phrase)), ".");
    for (const word of asked.instead ? [] : asked.wanted.flatMap(({ any }) => any.flatMap(({ words }) => words))) {
      const shown = word.forms.map(({ word: { shown } }) => shown);
      if (word.lacking && word.instead) say(`Aucun texte n’a «\u202f${word.said}\u202f»\u202f; cherché à la place\u00a0: `, ...listed(shown.map((form) => question(form))), ".");
      else if (word.lacking) say(`Aucun texte n’a «\u202f${word.said}\u202f». Formes voisines\u00a0: `, ...listed(word.lacking.map(({ word }) => question(word.shown))), ".");
      else if (shown.length > 1) {
        const most = shown.slice(0, 12);
        families.push(most.join(", ") + (shown.length > most.length ? ` et ${shown.length - most.length} autres` : ""));
      }
    }
    if (families.length) say(make("span", { class: "extent" }, ...find.raised(`Formes réunies\u00a0: ${families.join("\u202f; ")}. Entre guillemets, un mot est pris tel quel.`)));
    const words = asked.wanted.map(({ any }) => any.map(({ words }) => words.map((word) => word.said + (word.open ? "*" : "")).join(" ")).join(" | "));
    if (words.length === 1 && asked.ranked.length && !asked.instead) asides.append(make("p", {}, make("a", { href: "../concordance/index.html?q=" + encodeURIComponent(words[0]) }, "Toutes les occurrences, en concordance")));
  }

  // The entries that have the words of the question for a name, or a form of its one word.
  async function entriesFor(words) {
    const prefix = words.length && prefixOf(words[0].form);
    if (!prefix) return [];
    const { entries, words: all, byForm } = await theShard(prefix);
    const named = new Set([words.map(({ form }) => form).join(" ")]);
    const family = words.length === 1 && byForm.get(words[0].form);
    if (family) for (const { form, head } of all) if (head === family.head) named.add(form);
    const found = new Map(entries.filter(([words]) => named.has(words)).map(([, href, ...entry]) => [href, [href, ...entry]]));
    return [...found.values()];
  }

  let latest = 0, results = [], asked = null, put = 0;

  async function ask() {
    const turn = ++latest;
    const said = box.value.trim();
    const filters = chosen(), order = form.elements.tri.value;
    remember({ q: said, ...filters, tri: order });
    document.documentElement.classList.toggle("asked", said !== "");
    const clauses = find.parse(said);
    if (!clauses.some(({ not }) => !not)) {
      if (index) count(null, {});
      [asides, list].forEach((part) => part.replaceChildren());
      more.hidden = true;
      status.textContent = said ? "Écrivez au moins un mot à chercher." : "";
      return;
    }
    try {
      await theIndex();
      let now = await answer(clauses);
      const entries = await entriesFor(find.sequence(said, false).words);
      if (turn !== latest) return;
      let verified = await settle(now, filters, order, turn);
      const forms = entries.flatMap(([, , , forms = []]) => forms);
      if (forms.length && (!now.ranked.length || now.partly)) {
        now = await answer([{ any: forms.map((form) => find.sequence(form, true)), not: false }]);
        now.instead = forms;
        verified = await settle(now, filters, order, turn);
      }
      if (turn !== latest) return;
      asked = now;
      count(now.whole ? now.ranked : null, filters);
      results = verified;
      beside(now, entries, said.replace(/[“”«»"]/g, "").trim());
      const texts = new Set(results.map(({ text }) => text.id)).size;
      const all = `${plural(results.length, "passage")} dans ${plural(texts, "texte")}`;
      put = 0;
      list.replaceChildren(...await next());
      if (turn !== latest) return;
      status.textContent = results.length === 0
        ? now.ranked.length && Object.keys(filters).length ? `Aucun passage avec ces filtres\u202f; sans eux, ${now.ranked.length}.` : "Aucun passage."
        : (now.partly ? "Aucun passage n’a tous ces mots\u202f; voici ceux qui en ont le plus\u00a0: " : "") + (now.whole ? all : `au plus ${all}`) + ".";
    } catch (error) {
      if (turn !== latest) return;
      status.textContent = `Un fichier de la recherche n’a pas pu être lu (${error.message}). Rechargez la page\u202f; les index et les textes restent lisibles.`;
    }
  }

  // Filtered, phrases read in the texts, in their order. `whole`: every candidate was read.
  async function settle(now, filters, order, turn) {
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
    if (now.wanted.length > 1) await Promise.all(left.slice(0, RERANKED).map((result) => result.passage || read(result, now)));
    for (const result of left) result.rank = result.score * (1 + (result.near || 0));
    return turn === latest ? left.sort((a, b) => b.rank - a.rank || a.place - b.place) : [];
  }

  // The results that come next, as they are shown.
  async function next() {
    const found = [];
    while (found.length < PAGE && put < results.length) {
      const batch = results.slice(put, put + PAGE - found.length);
      put += batch.length;
      await Promise.all(batch.map((result) => result.passage || read(result, asked)));
      found.push(...batch.filter(({ right }) => right));
    }
    more.hidden = put >= results.length;
    return found.map(shown);
  }

  function restore() {
    for (const [name, value] of new URLSearchParams(location.search)) {
      const field = form.elements[name];
      if (field) field.value = value;
    }
    if (Object.keys(chosen()).length) one(".filters").open = true;
  }

  listen(form, box, ask);
  more.addEventListener("click", async () => {
    const found = await next();
    list.append(...found);
    if (found.length) one("a", found[0]).focus();
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a.ask");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    box.value = new URLSearchParams(link.search).get("q");
    box.focus();
    ask();
  });
  restore();
  if (box.value) ask();

})();
