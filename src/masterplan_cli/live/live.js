// Sent with a page by `masterplan serve`, never written into the file: follows the builds, and keeps the reader's place.
"use strict";
(() => {
  const BAR = 40, STORE = "masterplan-serve";
  // The bar takes its height from the page, so that nothing jumps when findings come and go.
  const AROUND = `
    @media screen {
      /* Without this a change moves every box below it, which takes half a second in a plan of a thousand programs. */
      section.block { contain: paint; overflow-clip-margin: 1rem; }
      html { scroll-padding-top: calc(4rem + ${BAR}px); }
      body { padding-top: ${BAR}px; }
      .mark, .side { top: ${BAR}px !important; }
      @media (min-width: 64rem) {
        .side { height: calc(100vh - ${BAR}px) !important; }
        .marked .side { top: calc(2.2rem + ${BAR}px) !important; height: calc(100vh - 2.2rem - ${BAR}px) !important; }
      }
    }
    @media print { #_live { display: none; } }`;
  const PANEL = `
    :host { all: initial; position: fixed; inset: 0 0 auto 0; z-index: 1000; display: block; color-scheme: light dark;
      --paper: #fff; --ink: #1c2430; --soft: #55606e; --line: #c3ccd6; --tint: #f2f4f7; --bad: #a1121d; --warn: #7a4a00; --good: #0b5d40; --link: #0a5a8a; --hit: #ffe0a3; --hit-ink: #1c2430;
      font: 15px/1.45 "Segoe UI", "Noto Sans", Roboto, Helvetica, Arial, sans-serif; }
    @media (prefers-color-scheme: dark) { :host { --paper: #12171d; --ink: #e4e9ef; --soft: #a9b4c0; --line: #37424e; --tint: #1a2229; --bad: #ff9a9f; --warn: #ffd08a; --good: #8fe0bd; --link: #8cc8f2; --hit: #6b4a00; --hit-ink: #fff; } }
    :host([lang]) * { box-sizing: border-box; }
    [hidden] { display: none !important; }
    .bar { display: flex; align-items: center; gap: 10px; height: ${BAR}px; padding: 0 14px; color: var(--ink); background: var(--tint); border-bottom: 1px solid var(--line); border-top: 3px solid var(--soft); }
    .dot { flex: none; width: 11px; height: 11px; border-radius: 50%; background: var(--soft); }
    .busy .dot, .gone .dot { border-radius: 2px; }
    .errors .bar { border-top-color: var(--bad); } .errors .dot { background: var(--bad); border-radius: 1px; transform: rotate(45deg); }
    .warnings .bar { border-top-color: var(--warn); } .warnings .dot { background: var(--warn); }
    .clean .bar { border-top-color: var(--good); } .clean .dot { background: var(--good); }
    .bar p { flex: 1; margin: 0; min-width: 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; font-weight: 600; }
    .fill { flex: none; color: var(--link); font-weight: 600; padding: 2px 4px; }
    button { flex: none; font: inherit; font-size: 14px; min-height: 26px; padding: 0 10px; color: var(--ink); background: var(--paper); border: 1px solid var(--soft); border-radius: 4px; cursor: pointer; }
    .fold::after { content: " ▾"; } .fold[aria-expanded="true"]::after { content: " ▴"; }
    button:focus-visible, .fill:focus-visible, summary:focus-visible, .list:focus-visible { outline: 3px solid var(--link); outline-offset: 1px; }
    .list { max-height: min(45vh, 30rem); overflow-y: auto; padding: 4px 14px 12px; color: var(--ink); background: var(--paper); border-bottom: 2px solid var(--line); box-shadow: 0 6px 18px #0003; overscroll-behavior: contain; }
    .alone .list { max-height: calc(100vh - ${BAR}px); border: 0; box-shadow: none; } .list > p { max-width: 46rem; margin: 8px 0 12px; }
    details { margin: 6px 0; } details details { margin-left: 14px; }
    summary { padding: 3px 0; font-weight: 600; cursor: pointer; overflow-wrap: anywhere; } summary span { color: var(--soft); font-weight: 400; }
    ul { list-style: none; margin: 0; padding: 0; }
    li { margin: 2px 0 10px 4px; padding-left: 12px; border-left: 3px solid var(--bad); } li.warning { border-left-color: var(--warn); }
    li p { margin: 0; } li b { color: var(--bad); } li.warning b { color: var(--warn); } li p span { color: var(--soft); }
    code, pre { font: 13px/1.5 Consolas, "DejaVu Sans Mono", monospace; } code { background: var(--tint); padding: 0 3px; overflow-wrap: anywhere; }
    pre { margin: 4px 0; padding: 3px 8px; background: var(--tint); white-space: pre-wrap; overflow-wrap: anywhere; } pre span { color: var(--soft); } mark { background: var(--hit); color: var(--hit-ink); }
    dl { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 0 10px; margin: 2px 0; } dt { color: var(--soft); } dd { margin: 0; overflow-wrap: anywhere; }
    @media (max-width: 40rem) { .bar .jump { display: none; } dl { grid-template-columns: minmax(0, 1fr); } }
    @media (forced-colors: active) { .dot { border: 2px solid CanvasText; } }`;

  const sheet = (text) => { const made = new CSSStyleSheet(); made.replaceSync(text); return made; };
  const host = document.createElement("aside");
  host.id = "_live";
  const root = host.attachShadow({ mode: "open" });
  root.adoptedStyleSheets = [sheet(PANEL)];
  root.innerHTML = `<div class="panel busy"><div class="bar"><span class="dot"></span><p role="status"></p><a class="fill" hidden></a>
    <button class="jump" type="button" hidden></button><button class="fold" type="button" aria-controls="list" aria-expanded="false" hidden></button></div>
    <div class="list" id="list" role="region" tabindex="0" hidden></div></div>`;
  const [panel, status, jump, fold, list, fill] = [".panel", "p", ".jump", ".fold", ".list", ".fill"].map((name) => root.querySelector(name));
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet(AROUND)];
  document.body.prepend(host);

  let version = document.currentScript.dataset.version, told = null, source = null, timer = 0, fresh = [];
  const blocks = () => [...document.querySelectorAll("section.block")];
  const calm = matchMedia("(prefers-reduced-motion: reduce)");

  // The panel. It unfolds when errors come, folds when they go, and else stays as the reader left it.
  const open = (wanted) => {
    list.hidden = !wanted;
    fold.setAttribute("aria-expanded", String(wanted));
  };
  fold.addEventListener("click", () => open(list.hidden));
  root.addEventListener("keydown", (event) => { if (event.key === "Escape" && !list.hidden) { open(false); fold.focus(); } });
  const say = (text, kind) => {
    panel.className = `panel ${kind} ${told?.alone ? "alone" : ""}`;
    if (status.textContent !== text) status.textContent = status.title = text;
  };
  const show = (news) => {
    host.lang = news.language;
    host.setAttribute("aria-label", news.words.title);
    list.setAttribute("aria-label", news.words.findings);
    fold.textContent = `${news.words.findings} (${news.count})`;
    jump.textContent = news.words.jump;
    fill.textContent = news.words.fill;
    fill.hidden = !news.form;
    if (news.form) fill.href = news.form;
    if (!told || told.html !== news.html) {
      const folded = new Set([...list.querySelectorAll("details:not([open])")].map((d) => d.dataset.key));
      const unfolded = new Set([...list.querySelectorAll("details[open]")].map((d) => d.dataset.key));
      const top = list.scrollTop;
      list.innerHTML = news.html;
      for (const d of list.querySelectorAll("details")) if (folded.has(d.dataset.key) || unfolded.has(d.dataset.key)) d.open = unfolded.has(d.dataset.key);
      list.scrollTop = top;
    }
    fold.hidden = !news.count;
    const bad = news.kind === "errors", was = told?.kind === "errors";
    if (!news.count || (was && !bad)) open(false); else if (bad && !was) open(true);
    told = news;
    say(news.status, news.kind);
  };

  // The reader's place: what is on screen, from the top, each with the means to find it again when it was replaced.
  const place = () => {
    if (scrollY < 2) return [];
    const seen = [];
    blocks().forEach((block, index) => {
      const box = block.getBoundingClientRect();
      if (box.bottom <= BAR || box.top >= innerHeight) return;
      [...block.children].forEach((part, at) => {
        const { top, bottom } = part.getBoundingClientRect();
        if (bottom > BAR && top < innerHeight) seen.push({ part, top, index, at, text: part.textContent });
      });
    });
    return seen;
  };
  const again = (seen, where) => {
    const same = (s) => s.part.isConnected ? s.part : null;
    const alike = (s) => {
      const parts = [...(where(s.index)?.children ?? [])];
      return parts[s.at]?.textContent === s.text ? parts[s.at] : parts.find((part) => part.textContent === s.text);
    };
    for (const means of [same, alike, (s) => where(s.index)?.children[s.at]]) {
      for (const s of seen) {
        const part = means(s);
        if (part) return scrollBy({ top: part.getBoundingClientRect().top - s.top, behavior: "instant" });
      }
    }
  };

  // A page whose frame changed is read anew; the place and what was sought wait in the tab's own store.
  const field = () => document.querySelector("#_find");
  const reload = () => {
    const seen = place().map(({ top, index, at, text }) => ({ top, index, at, text: text.slice(0, 400) }));
    const heads = [...document.querySelectorAll("main [id]:is(h1, h2, h3, h4, h5, h6)")];
    const head = heads.findLast((h) => h.getBoundingClientRect().top < innerHeight / 2);
    const kept = { seen, scroll: scrollY, head: head && [head.id, head.getBoundingClientRect().top], sought: field()?.value ?? "", list: !list.hidden, kind: told?.kind };
    try { sessionStorage.setItem(STORE, JSON.stringify(kept)); } catch { /* without a store the page starts at its top */ }
    history.scrollRestoration = "manual";
    location.reload();
  };
  const restore = () => {
    let kept = null;
    try { kept = JSON.parse(sessionStorage.getItem(STORE)); sessionStorage.removeItem(STORE); } catch { /* as above */ }
    if (!kept) return;
    if (kept.sought && field()) { field().value = kept.sought; field().dispatchEvent(new Event("input")); }
    if (kept.kind) { told = { kind: kept.kind }; open(kept.list); }
    const all = blocks(), same = (s) => all[s.index]?.children[s.at]?.textContent.slice(0, 400) === s.text;
    const back = () => {
      const seen = kept.seen.find(same), head = kept.head && document.getElementById(kept.head[0]);
      if (!kept.scroll) return scrollTo({ top: 0, behavior: "instant" });
      if (seen) return scrollBy({ top: all[seen.index].children[seen.at].getBoundingClientRect().top - seen.top, behavior: "instant" });
      if (head) return scrollBy({ top: head.getBoundingClientRect().top - kept.head[1], behavior: "instant" });
      scrollTo({ top: kept.scroll, behavior: "instant" });
    };
    // The browser goes to the address's own heading once the page is complete; this comes after it.
    back();
    const last = () => requestAnimationFrame(() => { back(); history.scrollRestoration = "auto"; });
    if (document.readyState === "complete") last(); else addEventListener("load", last, { once: true });
  };

  // A build's changes: only the sections that differ are replaced.
  const made = (html) => {
    const template = document.createElement("template");
    template.innerHTML = html;
    return template.content.firstElementChild;
  };
  const apply = (change) => {
    const old = blocks();
    if (change.reload || old.length !== change.count) return reload();
    const seen = place(), moved = new Map(), all = [], style = document.documentElement.style;
    style.overflowAnchor = "none";
    fresh = [];
    for (const piece of change.pieces) {
      const gone = old.slice(piece.at, piece.at + piece.drop), come = piece.html.map(made);
      const next = old[piece.at + piece.drop] ?? null, parent = (next ?? old.at(-1)).parentNode;
      const before = new Set(gone.flatMap((block) => [...block.children].map((part) => part.textContent)));
      gone.forEach((block, i) => { moved.set(piece.at + i, come[i] ?? come.at(-1)); block.remove(); });
      for (const block of come) parent.insertBefore(block, next);
      all.push(...come);
      fresh.push(...come.flatMap((block) => [...block.children].filter((part) => !before.has(part.textContent))));
    }
    if (change.contents !== undefined) document.querySelector(".side .tree").innerHTML = change.contents;
    document.dispatchEvent(new CustomEvent("renewed", { detail: all }));
    again(seen, (index) => moved.get(index) ?? (old[index].isConnected ? old[index] : null));
    requestAnimationFrame(() => requestAnimationFrame(() => { style.overflowAnchor = ""; }));
    point();
  };

  // What changed lights up for a moment; when it is out of sight, a button leads there.
  const OWN = ".block-program, .block-chapter, .block-pillar";
  const target = () => fresh.find((part) => part.isConnected && part.closest(OWN)) ?? fresh.find((part) => part.isConnected);
  const light = (part) => calm.matches || part.animate([{ backgroundColor: "#ffd54f66" }, { backgroundColor: "#ffd54f00" }], { duration: 1800, easing: "ease-out" });
  const inView = (part) => { const { top, bottom } = part.getBoundingClientRect(); return bottom > BAR && top < innerHeight; };
  const point = () => {
    const shown = fresh.filter(inView);
    shown.forEach(light);
    jump.hidden = !fresh.length || shown.length > 0;
  };
  jump.addEventListener("click", () => {
    const part = target();
    jump.hidden = true;
    if (!part) return;
    part.scrollIntoView({ block: "center", behavior: calm.matches ? "instant" : "smooth" });
    light(part);
  });

  // Listening. A page out of sight does not: a browser opens few connections to one address, however many tabs there are.
  const hear = (event) => {
    const news = JSON.parse(event.data);
    show(news.panel);
    jump.hidden = true;
    version = event.lastEventId;
    if (news.page) apply(news.page);
  };
  const found = () => { clearTimeout(timer); timer = 0; };
  const lost = () => {
    timer ||= setTimeout(() => {
      timer = 0;
      if (source?.readyState === EventSource.OPEN) return;
      if (told) say(told.words?.gone ?? "", "gone");
      if (source?.readyState === EventSource.CLOSED) { source = null; listen(); }
    }, 1500);
  };
  const listen = () => {
    if (source || document.hidden) return;
    source = new EventSource("/_live?at=" + version);
    source.addEventListener("message", hear);
    source.addEventListener("error", lost);
    source.addEventListener("open", found);
  };
  const leave = () => { found(); source?.close(); source = null; };
  document.addEventListener("visibilitychange", () => { if (document.hidden) leave(); else listen(); });
  addEventListener("pagehide", leave);
  addEventListener("pageshow", listen);
  const start = () => { restore(); listen(); };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start); else start();
})();
