// The words of a text as in the index, the parsing of queries, and the search for words in a text.
// `src/archive_site/text/words.py` cuts and folds words in the same way; `tests/words.tsv` tests both.
"use strict";
const find = (() => {
  const { make, findable } = archive.tools;
  const PAUSE = 40; // the delay of a query after the last key, in milliseconds
  const SILENCE = 600; // the delay before a screen reader announces an answer, in milliseconds
  const MOST_WORDS = 50; // the most parts of a query
  const MOST_MARKED = 50; // the most sequences marked in a passage

  const WORD = /[0-9]{1,3}(?:[ \u00a0\u202f][0-9]{3})+(?![\p{L}\p{N}])|[\p{L}\p{N}]+(?:[\u0300-\u036f]+[\p{L}\p{N}]*)*/gu;
  const fold = (word) => word.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase()
    .replace(/œ/g, "oe").replace(/æ/g, "ae").replace(/ /g, "");
  // A word with its accents, but without capitals and raised letters.
  const strict = (word) => word.normalize("NFKC").toLowerCase().replace(/ /g, "");

  const known = new Map();
  function folded(word) {
    let form = known.get(word);
    if (form === undefined) known.set(word, form = fold(word));
    return form;
  }

  // The words of a text, folded, with the start and the end of each.
  function cut(text) {
    const forms = [], starts = [], ends = [];
    for (const match of text.matchAll(WORD)) {
      forms.push(folded(match[0]));
      starts.push(match.index);
      ends.push(match.index + match[0].length);
    }
    return { text, forms, starts, ends };
  }

  // ------------------------------------------------------------- queries

  const ELIDED = new Set("l d qu n s j m t c lorsqu puisqu jusqu quoiqu".split(" "));

  const INITIALS = /^\s*(?:\p{Lu}\.)+\p{Lu}?\.?\s*$/u;

  // Words side by side, each with whether it is the beginning of a word (`révolution*`). An elided word
  // before the first (`l’Internationale`) is dropped unless the sequence is `exact`.
  function sequence(said, exact) {
    const asked = INITIALS.test(said) ? said.replaceAll(".", "") : said; // search “N.E.P.” as “NEP”
    const words = [...asked.matchAll(WORD)].map((match) => {
      const next = asked[match.index + match[0].length];
      return { form: fold(match[0]), said: match[0], strict: strict(match[0]), open: next === "*", elided: /['’]/.test(next || "") };
    });
    while (!exact && words.length > 1 && words[0].elided && ELIDED.has(words[0].form)) words.shift();
    return { words, exact };
  }

  const CHUNK = /\||(-?)("([^"]*)"?|[0-9]{1,3}(?:[ \u00a0\u202f][0-9]{3})+(?![\p{L}\p{N}])|[^\s"|]+)/gu;

  // A passage must match all clauses: any sequence of a clause, or, if the clause is `not`, none.
  function parse(question) {
    const clauses = [], seen = new Set();
    let either = false;
    for (const [chunk, minus, said, quoted] of question.replace(/[“”«»„]/g, '"').matchAll(CHUNK)) {
      if (chunk === "|") { either = clauses.length > 0; continue; }
      const asked = sequence(quoted ?? said, quoted !== undefined);
      const last = clauses.at(-1);
      if (!asked.words.length || (!either && seen.has(chunk)) || seen.size >= MOST_WORDS) continue;
      seen.add(chunk);
      if (either && last && !minus && !last.not) last.any.push(asked);
      else clauses.push({ any: [asked], not: minus === "-" });
      either = false;
    }
    return clauses;
  }

  // ------------------------------------------------------------- words in a text

  // The indices at which consecutive words match a sequence, by `fits(i, word)`.
  function* standing(length, words, fits) {
    for (let i = 0; i + words.length <= length; i++) {
      let n = 0;
      while (n < words.length && fits(i + n, words[n])) n++;
      if (n === words.length) yield i;
    }
  }

  // Ranges in order, with overlapping ones merged.
  function apart(ranges) {
    const found = [];
    for (const [from, to] of ranges.sort((a, b) => a[0] - b[0])) {
      const last = found.at(-1);
      if (last && from < last[1]) last[1] = Math.max(last[1], to);
      else found.push([from, to]);
    }
    return found;
  }

  const APART = ".call, .doubt-call, .permalink, .source-link, .note-kind, .gap";

  // Marks sequences of folded words within an element.
  function mark(element, sequences) {
    const nodes = [];
    const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    let text = "", block = null;
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      if (node.parentElement.closest(APART)) continue;
      const within = node.parentElement.closest("p, li, div, h2, h3, blockquote");
      if (within !== block) text += " ";
      block = within;
      nodes.push([node, text.length]);
      text += node.data;
    }
    const { forms, starts, ends } = cut(text);
    const ranges = [];
    for (const words of sequences.slice(0, MOST_MARKED)) {
      for (const i of standing(forms.length, words, (i, word) => forms[i] === word)) ranges.push([starts[i], ends[i + words.length - 1]]);
    }
    for (const [node, at] of nodes) {
      const inside = apart(ranges).filter(([from, to]) => to > at && from < at + node.data.length);
      for (const [from, to] of inside.reverse()) {
        const range = document.createRange();
        range.setStart(node, Math.max(0, from - at));
        range.setEnd(node, Math.min(node.data.length, to - at));
        range.surroundContents(make("mark"));
      }
    }
  }

  // ------------------------------------------------------------- loading data as scripts

  const awaited = new Map();
  function load(name, src) {
    if (!awaited.has(name)) {
      const gift = {};
      gift.promise = new Promise((give, fail) => Object.assign(gift, { give, fail }));
      awaited.set(name, gift);
      const script = document.createElement("script");
      script.src = src;
      const lost = () => {
        if (gift.given) return;
        awaited.delete(name);
        gift.fail(Object.assign(new Error(src), { lost: true }));
      };
      script.addEventListener("error", lost);
      script.addEventListener("load", lost); // without a value, the file is incomplete
      document.head.append(script);
    }
    return awaited.get(name).promise;
  }

  function give(name, said) {
    const gift = awaited.get(name);
    if (gift) gift.given = true;
    gift?.give(said);
  }

  // The passages of a text, from rows: [anchor, number or kind, chapter, words, alternatives].
  function passages(id, chapters, rows) {
    return rows.map(([anchor, number, chapter, words, others = [], part]) => {
      let tokens = null;
      return {
        text: id, anchor, chapter: chapters[chapter] || "",
        part: part || (anchor.startsWith("note-") ? "n" : "t"),
        where: typeof number === "number" ? "§\u00a0" + number : number,
        get tokens() {
          if (tokens) return tokens;
          tokens = cut(words);
          tokens.others = new Map();
          for (const [first, last, said, witness] of others) {
            const other = { said: said.trim(), witness, first, last, forms: cut(said).forms };
            for (let i = first; i <= last; i++) tokens.others.set(i, [...(tokens.others.get(i) || []), other]);
          }
          return tokens;
        },
      };
    });
  }

  // The alternative to the word `i` of a passage that passes `test`, if any. Alternatives of a different
  // number of words are found at the first word that they replace.
  function other(tokens, i, test) {
    return tokens.others.get(i)?.find(({ forms, first, last }) =>
      forms.length === last - first + 1 ? test(forms[i - first]) : i === first && forms.some(test));
  }

  // The last word of a match that begins at `first`. It is after `last` if an alternative of one word
  // replaces several words.
  function reach(tokens, first, last, test) {
    const found = other(tokens, last, test);
    return found && found.first === last && !test(tokens.forms[last]) && found.forms.length === 1 ? found.last : last;
  }

  const ROOT = new URL("..", document.currentScript.src);
  const at = (path) => new URL(path, ROOT).href;

  // ------------------------------------------------------------- shared by both pages

  // Calls `ask` when the reader pauses in typing, changes a choice, or submits the form.
  function listen(form, box, ask) {
    let pause = 0;
    const now = () => { clearTimeout(pause); ask(); };
    form.addEventListener("submit", (event) => { event.preventDefault(); now(); });
    form.addEventListener("change", (event) => { if (event.target !== box) now(); });
    box.addEventListener("input", () => { clearTimeout(pause); pause = setTimeout(ask, PAUSE); });
    if (location.protocol === "file:") document.querySelector("[data-disk]").hidden = false;
  }

  // Shows a message at once, and announces it to screen readers when the reader pauses.
  let telling = 0;
  function tell(shown, heard = shown) {
    document.querySelector("[data-said]").replaceChildren(...raised(shown));
    clearTimeout(telling);
    telling = setTimeout(() => { document.querySelector("[data-told]").replaceChildren(...raised(heard)); }, SILENCE);
  }

  // Puts the query into the address, so that it can be shared. It is stored nowhere else.
  function remember(choices, shown = 0) {
    const words = new URLSearchParams(Object.entries(choices).filter(([, value]) => value)).toString();
    try { history.replaceState({ shown }, "", (words ? "?" + words : location.pathname) + location.hash); } catch { /* not allowed for a file on disk */ }
  }

  // Words as nodes, with the raised letters of ordinals in `sup`, as in pages.
  function* raised(words) {
    for (const [i, part] of words.split(/([ᵉʳ]+)/).entries()) {
      if (i % 2) yield make("sup", {}, part.normalize("NFKC"));
      else yield* findable(part);
    }
  }

  return {
    listen, remember, tell, raised,
    fold, strict, cut, parse, sequence, standing, mark, other, reach,
    theIndex: () => load("index", at("recherche/index.js")),
    theShard: (prefix) => load("shard " + prefix,
      at(`recherche/mots/mots-${[...prefix].map((c) => (/[0-9a-z]/.test(c) ? c : "_" + c.codePointAt(0).toString(16))).join("")}.js`)),
    theText: (id) => load("text " + id, at(`concordance/${encodeURIComponent(id)}.js`)),
    // Called by the scripts with data.
    index: (...said) => give("index", said),
    shard: (prefix, ...said) => give("shard " + prefix, said),
    text: (id, chapters, rows) => give("text " + id, passages(id, chapters, rows)),

    // Whether a part of a text (“q lenine marx”) is the one asked for (“q”, “q marx”; empty: any).
    isPart: (part, asked) => !asked || asked.split(" ").every((word) => part.split(" ").includes(word)),

    // The address of a passage on its page, with the words to mark there.
    to(passage, sequences) {
      const words = [...new Set(sequences.map((forms) => forms.join("+")))].join(",");
      return `../textes/${encodeURIComponent(passage.text)}/index.html?mots=${words}#${encodeURIComponent(passage.anchor)}`;
    },

    // Part of a passage with marked words. `spans` are [start, end, the witness's words or ""].
    *excerpt(passage, from, to, spans) {
      const { text } = passage.tokens;
      let at = from;
      for (const [start, end, said] of spans) {
        if (start < at || end > to) continue;
        yield* raised(text.slice(at, start));
        yield make("mark", {}, ...raised(text.slice(start, end)));
        if (said) yield make("small", {}, ...raised(` [source\u00a0: ${said}]`));
        at = end;
      }
      yield* raised(text.slice(at, to));
    },
  };
})();
