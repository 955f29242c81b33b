// The page reads in full without this script. It marks the reader's place, finds words, and sorts tables.
"use strict";
(() => {
  const side = document.querySelector(".side"), main = document.querySelector("main");
  const tree = side.querySelector(".tree"), hits = side.querySelector(".hits"), folded = side.querySelector("details");
  const HEADS = "h1[id], h2[id], h3[id]", language = document.documentElement.lang;

  // The contents stand open beside the text, closed above it where the screen is narrow.
  const wide = matchMedia("(min-width: 64rem)");
  const fold = () => { folded.open = wide.matches; };
  wide.addEventListener("change", fold);
  fold();
  side.addEventListener("click", (event) => { if (event.target.closest("a")) fold(); });

  // The reader's place: the last heading above the upper third of the window.
  let links = new Map(), heads = [], here = null;
  const mark = () => {
    let low = 0, high = heads.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (heads[middle].getBoundingClientRect().top <= innerHeight / 3) low = middle + 1; else high = middle;
    }
    const link = heads.length ? links.get(heads[Math.max(low - 1, 0)].id) : null;
    if (link === here) return;
    here = link;
    tree.querySelectorAll("[aria-current]").forEach((a) => a.removeAttribute("aria-current"));
    tree.querySelectorAll(".open").forEach((li) => li.classList.remove("open"));
    link.setAttribute("aria-current", "location");
    for (let li = link.closest("li"); li; li = li.parentElement.closest("li")) li.classList.add("open");
    const box = link.getBoundingClientRect(), view = side.getBoundingClientRect();
    if (box.top < view.top + 120 || box.bottom > view.bottom - 40) side.scrollTop += box.top - view.top - view.height / 3;
  };
  // All that lies above counts as seen, so that a jump past many headings is noticed as well.
  const watch = new IntersectionObserver(mark, { rootMargin: "99999999px 0px -66% 0px" });
  const learn = () => {
    links = new Map([...tree.querySelectorAll("a")].map((a) => [a.getAttribute("href").slice(1), a]));
    heads = [...main.querySelectorAll(HEADS)].filter((head) => links.has(head.id));
    here = null;
    watch.disconnect();
    heads.forEach((head) => watch.observe(head));
  };
  learn();

  // Finding words: a section is a heading with all the text up to the next one.
  const box = side.querySelector("[role=search]"), field = box.querySelector("input"), status = box.querySelector("[role=status]");
  const read = () => {
    const out = [];
    for (const part of main.querySelectorAll(".block > *")) {
      const head = part.matches(HEADS) ? part : part.querySelector(HEADS);
      if (head) out.push({ id: head.id, title: head.textContent, text: "" });
      else if (out.length) out.at(-1).text += " " + part.textContent.replace(/\s+/g, " ");
    }
    return out.map((s) => ({ ...s, low: s.text.toLowerCase(), name: s.title.toLowerCase() }));
  };
  let sections = null;
  const hit = (section, words) => {
    const item = document.createElement("li"), link = document.createElement("a"), around = document.createElement("p");
    link.href = "#" + section.id;
    link.textContent = section.title;
    item.append(link);
    const word = words.find((w) => section.low.includes(w));
    if (!word) return item;
    const at = section.low.indexOf(word), end = at + word.length, from = at > 40 ? section.text.indexOf(" ", at - 40) + 1 : 0;
    const found = document.createElement("mark");
    found.textContent = section.text.slice(at, end);
    around.append((from ? "… " : "") + section.text.slice(Math.min(from, at), at), found, section.text.slice(end, end + 60) + "…");
    item.append(around);
    return item;
  };
  const find = () => {
    sections ??= read();
    const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
    const titled = (s) => words.every((w) => s.name.includes(w));
    const all = words.length ? sections.filter((s) => words.every((w) => s.name.includes(w) || s.low.includes(w))) : [];
    const found = [...all.filter(titled), ...all.filter((s) => !titled(s))];
    hits.replaceChildren(...found.slice(0, 60).map((s) => hit(s, words)));
    hits.hidden = !words.length;
    tree.hidden = !hits.hidden;
    if (words.length) side.scrollTop = 0;
    status.textContent = hits.hidden ? "" : found.length ? status.dataset.some.replace("#", found.length) : status.dataset.none;
  };
  field.addEventListener("input", find);
  field.addEventListener("keydown", (event) => {
    if (event.key === "Escape") { field.value = ""; find(); }
    if (event.key === "Enter" && hits.querySelector("a")) { event.preventDefault(); hits.querySelector("a").click(); }
  });
  addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input")) return;
    event.preventDefault();
    folded.open = true;
    field.focus();
  });
  box.hidden = false;

  // Sorting: a click on a column's head; figures as figures, what is empty at the end, totals last.
  const none = (text) => text === "" || text === "–" || text === "·";
  const number = (text) => {
    const years = /^(\d{4})–(\d{4})?$/.exec(text);
    if (years) return +years[1] + (years[2] || 9999) / 1e4;
    const plain = text.startsWith("Rp") ? text.slice(2).replaceAll(".", "")
      : text.startsWith("<") ? text.slice(1)
      : language === "id" ? text.replaceAll(".", "").replace(",", ".") : text.replaceAll(",", "");
    return Number(plain.replace(/\s*%$/, ""));
  };
  const sort = (head, rows, totals) => {
    const turn = head.getAttribute("aria-sort") === "ascending" ? -1 : 1;
    const text = (row) => row.cells[head.cellIndex].textContent.trim();
    const figures = rows.every((row) => none(text(row)) || !Number.isNaN(number(text(row))));
    const order = (a, b) => turn * (figures ? number(a) - number(b) : a.localeCompare(b, language, { numeric: true }));
    rows.sort((a, b) => none(text(a)) - none(text(b)) || (none(text(a)) ? 0 : order(text(a), text(b))));
    head.closest("table").tBodies[0].append(...rows, ...totals);
    for (const other of head.parentElement.cells) other.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", turn > 0 ? "ascending" : "descending");
  };
  const sortable = (block) => {
    for (const table of block.matches(".block-commitment") ? [] : block.querySelectorAll("table")) {
      // Rows below headings of their own have one order that says something.
      if (table.querySelector(".group")) continue;
      const all = table.tBodies.length ? [...table.tBodies[0].rows] : [];
      const rows = all.filter((row) => !row.matches(".total")), totals = all.filter((row) => row.matches(".total"));
      for (const head of rows.length < 3 ? [] : table.tHead.rows[0].cells) {
        if (head.querySelector("a") || !head.textContent.trim()) continue;
        const button = document.createElement("button");
        button.append(...head.childNodes);
        head.append(button);
        button.addEventListener("click", () => sort(head, rows, totals));
      }
    }
  };
  main.querySelectorAll(".block").forEach(sortable);

  // A live preview replaces sections in place, and tells which are new.
  let later = 0;
  document.addEventListener("renewed", (event) => {
    event.detail.forEach(sortable);
    clearTimeout(later);
    later = setTimeout(() => {
      learn();
      sections = null;
      if (field.value) find();
    }, 100);
  });
  document.documentElement.classList.add("js");
})();
