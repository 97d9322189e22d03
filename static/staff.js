// Niceties of staff pages. Every page works without this file.
(function () {
  "use strict";
  var doc = document;
  var typing = function (el) { return el.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(el.tagName); };
  var all = function (selector, root) { return Array.prototype.slice.call((root || doc).querySelectorAll(selector)); };

  function whichRow(rows) {
    var at = rows.findIndex(function (row) { return row.classList.contains("row-here"); });
    return at < 0 ? rows.findIndex(function (row) { return row.contains(doc.activeElement); }) : at;
  }
  function tickRow() {
    var rows = all("[data-rows] [data-row]"), row = rows[whichRow(rows)];
    var box = row && row.querySelector('input[type="checkbox"]');
    if (box) box.click();
  }
  function moveRow(step) {
    var rows = all("[data-rows] [data-row]");
    if (!rows.length) return;
    var at = whichRow(rows);
    var next = rows[Math.min(Math.max(at + step, 0), rows.length - 1)];
    rows.forEach(function (row) { row.classList.toggle("row-here", row === next); });
    var link = next.matches("a") ? next : next.querySelector("a, button");
    if (link) link.focus();
    next.scrollIntoView({ block: "nearest" });
  }

  var help = doc.getElementById("shortcuts");
  function showHelp() {
    if (!help || help.open) return;
    var list = help.querySelector("dl");
    all("[data-added]", list).forEach(function (row) { row.remove(); });
    all("[data-tick]", list).forEach(function (row) { row.hidden = !doc.querySelector('[data-row] input[type="checkbox"]'); });
    all("[data-key]").forEach(function (el) {
      var row = doc.createElement("div"), key = doc.createElement("kbd"), dt = doc.createElement("dt"), dd = doc.createElement("dd");
      row.setAttribute("data-added", "");
      key.textContent = el.dataset.key;
      dd.textContent = el.dataset.keyLabel || el.textContent.trim();
      dt.append(key); row.append(dt, dd); list.append(row);
    });
    help.showModal();
  }

  doc.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || (help && help.open)) return;
    if (event.key === "j") moveRow(1);
    else if (event.key === "k") moveRow(-1);
    else if (event.key === "x") tickRow();
    else if (event.key === "?") showHelp();
    else if (event.key === "/") {
      var search = doc.querySelector("[data-search]");
      if (!search) return;
      search.focus();
    } else {
      var target = all("[data-key]").find(function (el) { return el.dataset.key === event.key && !el.disabled; });
      if (!target) return;
      target.focus();
      if (!typing(target)) target.click();
    }
    event.preventDefault();
  });

  // On paper the table behind each picture is there too, and closed again afterwards.
  var opened = [];
  window.addEventListener("beforeprint", function () {
    opened = all(".panel > details:not([open])");
    opened.forEach(function (table) { table.open = true; });
  });
  window.addEventListener("afterprint", function () {
    opened.forEach(function (table) { table.open = false; });
    opened = [];
  });

  var here = doc.querySelector(".top-nav [aria-current]");
  if (here) here.scrollIntoView({ block: "nearest", inline: "center" });

  all("[data-shortcuts]").forEach(function (el) { el.hidden = false; el.addEventListener("click", showHelp); });

  doc.addEventListener("click", function (event) {
    all("details[data-menu][open], details.clock[open]").forEach(function (menu) {
      if (!menu.contains(event.target)) menu.open = false;
    });
    if (event.target.closest("[data-print]")) window.print();
    var copy = event.target.closest("[data-copy]");
    if (copy && navigator.clipboard) navigator.clipboard.writeText(doc.querySelector(copy.dataset.copy).textContent.trim());
    var check = event.target.closest("[data-check-all]");
    if (check) all('input[name="' + check.dataset.checkAll + '"]').forEach(function (box) { box.checked = check.checked; });
  });

  // A passage chosen with the mouse or the keyboard goes into the form beside it.
  all("[data-quote]").forEach(function (button) {
    var from = doc.querySelector(button.dataset.quote), into = doc.querySelector(button.dataset.into);
    if (!from || !into) return;
    button.hidden = false;
    button.addEventListener("mousedown", function (event) { event.preventDefault(); });
    button.addEventListener("click", function () {
      var chosen = window.getSelection(), text = String(chosen).replace(/\s+/g, " ").trim();
      if (!text || !from.contains(chosen.anchorNode) || !from.contains(chosen.focusNode)) return;
      into.value = into.value.trim() ? into.value.trim() + "\n" + text : text;
      chosen.removeAllRanges();
    });
  });

  doc.addEventListener("change", function (event) {
    var holder = event.target.closest("[data-autosubmit]");
    var form = holder && (holder.form || holder);
    if (form && form.requestSubmit) form.requestSubmit();
  });

  // The filters lie open on a desk; a phone keeps them folded until asked.
  if (window.matchMedia("(min-width: 62em)").matches) all(".filters > details").forEach(function (fold) { fold.open = true; });

  var errors = doc.querySelector(".errors");
  if (errors) errors.focus();

  // The same count as core/sms_encoding.py, while typing.
  var basic = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
  var extended = "\f^{}\\[~]|€";
  function measure(text) {
    var chars = Array.from(text);
    var costly = chars.filter(function (c, i) { return !basic.includes(c) && !extended.includes(c) && chars.indexOf(c) === i; });
    var wide = costly.length > 0, units = 0, parts = 1, used = 0;
    chars.forEach(function (c) {
      var width = wide ? c.length : extended.includes(c) ? 2 : 1, size = wide ? 67 : 153;
      units += width;
      if (used + width > size) { parts += 1; used = 0; }
      used += width;
    });
    return { units: units, segments: !units ? 0 : units <= (wide ? 70 : 160) ? 1 : parts, encoding: wide ? "UCS-2" : "GSM-7", costly: costly };
  }
  // What is filled in when a text leaves, and what each line makes of it: as feedback/sms_cost.py.
  function filled(area) {
    var values = JSON.parse(area.dataset.fill || "{}");
    return area.value.replace(/\r\n/g, "\n").replace(/\{(\w+)\}/g, function (whole, name) { return name in values ? values[name] : whole; });
  }
  function folded(text, folds) {
    var out = Array.from(text.normalize("NFC")).map(function (c) {
      if (basic.includes(c) || extended.includes(c)) return c;
      if (c in folds) return folds[c];
      var plain = c.normalize("NFKD").replace(/\p{M}/gu, "");
      return plain && Array.from(plain).every(function (p) { return basic.includes(p); }) ? plain : c;
    }).join("");
    return measure(out).encoding === "GSM-7" ? out : text;
  }
  function showCosts(list, text) {
    var folds = JSON.parse(list.dataset.folds || "{}");
    all("[data-line]", list).forEach(function (line) {
      var size = measure("folded" in line.dataset ? folded(text, folds) : text), price = line.dataset.price;
      line.querySelector('[data-part="segments"]').textContent = size.segments;
      line.querySelector('[data-part="encoding"]').textContent = size.encoding;
      if (price) line.querySelector('[data-part="total"]').textContent = (price * size.segments).toLocaleString(doc.documentElement.lang) + " " + list.dataset.currency;
    });
  }
  all("textarea[data-count]").forEach(function (area) {
    var line = doc.querySelector(area.dataset.count), list = doc.querySelector("[data-costs-of='" + area.id + "']");
    if (!line) return;
    var put = function (part, text) { line.querySelector('[data-part="' + part + '"]').textContent = text; };
    var update = function () {
      var text = filled(area), size = measure(text);
      if (list) showCosts(list, text);
      put("segments", size.segments); put("units", size.units); put("encoding", size.encoding);
      put("culprits", size.costly.length ? " (" + line.dataset.culprits + " " + size.costly.slice(0, 8).map(function (c) { return "«\u00a0" + c + "\u00a0»"; }).join(", ") + ")" : "");
      line.classList.toggle("segments-many", size.segments > 1);
    };
    area.addEventListener("input", update);
    update();
  });
})();
