// The pages of the browser form: what is typed is checked after a moment, shown beside its field, and saved when asked.
"use strict";
(() => {
  const words = JSON.parse(document.body.dataset.words), page = JSON.parse(document.body.dataset.page ?? "null");
  const STORE = "masterplan-form", PAUSE = 500;
  const all = (what, within = document) => [...within.querySelectorAll(what)];
  const by = (id) => document.getElementById(id);
  const made = (name, text, kind) => Object.assign(document.createElement(name), { textContent: text ?? "", className: kind ?? "" });
  let secret = document.querySelector("meta[name=secret]").content;

  // Asking. A server that was started again has another secret: the page of it says which.
  const ask = async (what, given, again = true) => {
    const answer = await fetch(`/_form/${what}`, { method: "POST", headers: { "Content-Type": "application/json", "X-Masterplan-Secret": secret }, body: JSON.stringify(given) });
    const said = await answer.json();
    if (said.why !== "secret" || !again) return said;
    const fresh = new DOMParser().parseFromString(await (await fetch("/_form")).text(), "text/html");
    secret = fresh.querySelector("meta[name=secret]").content;
    return ask(what, given, false);
  };

  // Sending what was saved, after showing the commands.
  const send = by("send"), dialog = document.querySelector("dialog");
  if (send) {
    const [came, go, no] = [".came", ".go", ".no"].map((name) => dialog.querySelector(name));
    send.addEventListener("click", () => dialog.showModal());
    no.addEventListener("click", () => dialog.close());
    dialog.addEventListener("close", () => { if (go.hidden) location.reload(); else send.focus(); });
    go.addEventListener("click", async () => {
      go.disabled = true;
      came.textContent = words.sending;
      try {
        const answer = await ask("send", { commands: JSON.parse(send.dataset.commands) });
        came.textContent = answer.said;
        if (answer.output) came.after(Object.assign(made("pre", answer.output), { tabIndex: 0 }));
      } catch { came.textContent = words.gone; }
      go.hidden = true;
      no.textContent = words.close;
      no.focus();
    });
  }
  if (!page) return;

  // The records of the page, and what was typed into them.
  const form = document.querySelector("form.fields"), save = by("save"), outcome = by("outcome"), state = by("state"), frame = document.querySelector("iframe");
  const fields = (record) => all("[data-key]", record);
  const base = (record) => JSON.parse(record.dataset.base || "{}");
  const start = (field) => field.dataset.start ?? "";
  const isChanged = (field) => field.value !== start(field);
  const remember = (record) => { for (const field of fields(record)) field.dataset.start = record.dataset.path ? field.value : ""; };
  all(".record").forEach(remember);
  let next = Math.max(0, ...all(".record").map((record) => Number(record.dataset.number) || 0)) + 1;

  const said = (record) => {
    const { sheet, number, path, route } = record.dataset, cells = {};
    if (record.classList.contains("out")) for (const key of Object.keys(base(record))) cells[key] = "";
    else for (const field of fields(record)) if (isChanged(field) && (path || field.value.trim())) cells[field.dataset.key] = field.value;
    return { sheet: Number(sheet), number: Number(number), path, route, base: base(record), cells };
  };
  const rows = () => all(".record", form).map(said).filter((row) => row.path || Object.keys(row.cells).length);
  const isDirty = () => rows().some((row) => Object.keys(row.cells).length);
  const request = () => ({ kind: page.kind, path: page.path, pillar: page.pillar, title: page.title, rows: rows() });
  const renumber = (sheet) => all(".record", sheet).forEach((record, at) => { record.querySelector(".turn").textContent = at + 1; });

  // What was found, each beside its field.
  let told = {};
  const line = (one) => {
    const item = made("p", "", one.severity);
    item.innerHTML = `<b></b> ${one.html}`;
    item.firstChild.textContent = `${words[one.severity] ?? one.severity}:`;
    return item;
  };
  const choice = (text, act) => { const button = made("button", text); button.type = "button"; button.addEventListener("click", act); return button; };
  const settle = (field, record, one, value) => {
    record.dataset.base = JSON.stringify({ ...base(record), [field.dataset.key]: one.base });
    field.dataset.start = one.theirs;
    field.value = value;
    field.focus();
    later(0);
  };
  const conflict = (one) => {
    const field = by(one.place), record = field.closest(".record"), mine = field.value;
    const item = made("p", words.conflict.replace("{theirs}", one.theirs || words.empty).replace("{mine}", mine || words.empty), "error");
    return [item, choice(words.mine, () => settle(field, record, one, mine)), choice(words.theirs, () => settle(field, record, one, one.theirs))];
  };
  const gone = (one) => choice(words.as_new, () => {
    const record = by(one.place).closest(".record");
    Object.assign(record.dataset, { path: "", route: "", base: "{}" });
    for (const field of fields(record)) field.dataset.start = "";
    by(one.place).focus();
    later(0);
  });
  const show = (answer) => {
    const places = {};
    for (const one of answer.found) (places[by(one.place) ? one.place : ""] ??= []).push(one);
    for (const one of answer.conflicts) (places[one.place] ??= []).push(one);
    for (const box of all(".found")) {
      const place = box.id.slice(0, -":found".length), own = places[place] ?? [], key = JSON.stringify(own);
      if ((told[place] ?? "[]") === key) continue;
      told[place] = key;
      box.replaceChildren(...own.flatMap((one) => "theirs" in one ? conflict(one) : one.code === "MP913" && by(place).closest(".record").dataset.path ? [line(one), gone(one)] : [line(one)]));
      box.hidden = !own.length;
      by(place).setAttribute("aria-invalid", String(own.some((one) => one.severity !== "warning")));
    }
    const others = by("others"), list = others.querySelector("ul");
    list.replaceChildren(...(places[""] ?? []).map((one) => { const item = made("li", "", one.severity); item.append(...line(one).childNodes); return item; }));
    others.hidden = !list.children.length;
    const count = answer.found.length + answer.conflicts.length;
    tell(count ? words.found.replace("{count}", count) : words.clean);
    look(answer.preview);
  };
  const tell = (found) => { state.textContent = [isDirty() ? words.changed : words.unchanged, found].filter(Boolean).join(" – "); };
  // What the browser shows in place of a preview that it cannot have is not ours to look into.
  const inside = (act) => { try { return act(frame.contentWindow); } catch { return undefined; } };
  let looked = "";
  const look = (name) => {
    if (!name || name === looked) return;
    looked = name;
    const at = inside((view) => view.scrollY) ?? 0;
    frame.addEventListener("load", () => inside((view) => view.scrollTo({ top: at, behavior: "instant" })), { once: true });
    frame.contentWindow.location.replace(`/_form/preview?of=${name}`);
  };

  // Checking after a moment without a key, one request at a time.
  let timer = 0, busy = false, waiting = false;
  const later = (pause = PAUSE) => { clearTimeout(timer); timer = setTimeout(look_over, pause); result("", ""); tell(""); };
  const look_over = async () => {
    if (busy) { waiting = true; return; }
    busy = true;
    try {
      const answer = await ask("check", request());
      if (answer.found) show(answer); else result(answer.said, "bad");
    } catch { result(words.gone, "bad"); }
    busy = false;
    form.dataset.checked = Number(form.dataset.checked ?? 0) + 1;
    if (waiting) { waiting = false; look_over(); }
  };
  const result = (text, kind) => { outcome.className = kind; outcome.textContent = text; };

  // Saving.
  const store = async () => {
    if (busy || save.disabled) { setTimeout(store, 50); return; }
    clearTimeout(timer);
    busy = save.disabled = true;
    result(words.saving, "");
    let answer = null;
    try { answer = await ask("save", request()); } catch { result(words.gone, "bad"); }
    busy = save.disabled = false;
    if (answer) stored(answer);
  };
  const stored = (answer) => {
    if (answer.saved) {
      leaving = true;
      sessionStorage.setItem(STORE, answer.said);
      if (answer.path === page.path) location.reload(); else location.replace(`/_form/program?path=${encodeURIComponent(answer.path)}`);
      return;
    }
    if (answer.found) show(answer);
    result(answer.said, answer.errors || !answer.found ? "bad" : "");
    (document.querySelector("[aria-invalid=true]") ?? outcome).focus();
  };
  save.addEventListener("click", store);
  addEventListener("keydown", (event) => { if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s") { event.preventDefault(); store(); } });
  let leaving = false;
  addEventListener("beforeunload", (event) => { if (!leaving && isDirty()) event.preventDefault(); });

  // Rows that are added and removed.
  const add = (sheet) => {
    const template = made("template");
    template.innerHTML = sheet.querySelector("template").innerHTML.replaceAll("{n}", next++);
    const record = template.content.querySelector(".record");
    sheet.querySelector(".records").append(record);
    remember(record);
    renumber(sheet);
    return record;
  };
  const remove = (button) => {
    const record = button.closest(".record"), sheet = button.closest(".sheet");
    if (record.dataset.path) {
      const out = record.classList.toggle("out"), name = button.textContent;
      button.textContent = button.dataset.other;
      button.dataset.other = name;
      for (const field of fields(record)) field.toggleAttribute(field.localName === "select" ? "disabled" : "readonly", out);
      const note = record.querySelector(".gone");
      if (note) note.hidden = !out;
    } else {
      record.remove();
      renumber(sheet);
      sheet.querySelector(".more").focus();
    }
    later(0);
  };
  form.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    if (button.matches(".more")) { fields(add(button.closest(".sheet")))[0].focus(); later(); }
    if (button.matches(".remove")) remove(button);
    if (button.dataset.adds) addName(button);
  });
  const addName = (button) => {
    const name = button.previousElementSibling, field = by(button.dataset.adds);
    if (name.value.trim()) field.value = [...field.value.split("\n").filter((one) => one.trim()), name.value.trim()].join("\n");
    name.value = "";
    name.focus();
    later(0);
  };
  form.addEventListener("keydown", (event) => {
    const adder = event.target.closest(".adder input");
    if (adder && event.key === "Enter") { event.preventDefault(); addName(adder.nextElementSibling); }
  });

  // Cells that were copied in a spreadsheet fill the fields from where they are pasted: to the right, and then below.
  const cells = (text) => {
    const out = [[""]];
    let quoted = false;
    for (let at = 0; at < text.length; at++) {
      const sign = text[at], row = out.at(-1);
      if (quoted && sign === '"' && text[at + 1] === '"') { row[row.length - 1] += sign; at++; }
      else if (sign === '"' && (quoted || row.at(-1) === "")) quoted = !quoted;
      else if (sign === "\t" && !quoted) row.push("");
      else if (sign === "\n" && !quoted) out.push([""]);
      else row[row.length - 1] += sign;
    }
    return out;
  };
  const below = (field) => {
    const sheet = field.closest(".sheet"), record = field.closest(".record"), inner = field.closest("table.years");
    const line = inner && field.closest("tr").nextElementSibling;
    if (line) return all("[data-key]", line)[all("[data-key]", field.closest("tr")).indexOf(field)];
    const records = all(".record", sheet), other = records[records.indexOf(record) + 1] ?? add(sheet);
    return fields(other)[fields(record).indexOf(field)];
  };
  const put = (field, text) => {
    const value = text.trim();
    if (field.localName !== "select") field.value = value;
    else field.value = [...field.options].find((option) => option.text.toLowerCase() === value.toLowerCase())?.value ?? "";
  };
  form.addEventListener("paste", (event) => {
    const field = event.target.closest("[data-key]"), text = event.clipboardData.getData("text/plain").replaceAll("\r", "").replace(/\n$/, "");
    const single = field?.rows > 1 ? !text.includes("\t") : !/[\t\n]/.test(text);
    if (!field || single || !field.closest(".sheet")) return;
    event.preventDefault();
    let first = field;
    cells(text).forEach((row, at) => {
      if (at) first = below(first);
      const own = fields(first.closest(".record"));
      row.forEach((cell, n) => { const one = own[own.indexOf(first) + n]; if (one) put(one, cell); });
    });
    later(0);
  });

  form.addEventListener("input", (event) => { if (event.target.dataset.key) later(); });
  form.addEventListener("submit", (event) => event.preventDefault());
  all(".sheet").forEach(renumber);
  look_over();
  const before = sessionStorage.getItem(STORE);
  if (before) {
    sessionStorage.removeItem(STORE);
    setTimeout(() => { result(before, "good"); outcome.focus({ preventScroll: true }); }, 100);
  }
})();
