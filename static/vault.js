// Suggestions for the words of a passphrase. Without this script the same fields work, unaided.
(() => {
  "use strict";
  const list = document.getElementById("vault-words");
  const inputs = [...document.querySelectorAll("[data-vault-word]")];
  if (!list || !inputs.length) return;
  let words = [];
  fetch(list.dataset.words)
    .then((response) => (response.ok ? response.text() : ""))
    .then((text) => { words = text.split(/\s+/).filter(Boolean); })
    .catch(() => {});

  const bare = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase();

  const suggest = (typed) => {
    list.replaceChildren(
      ...(typed.length < 2 ? [] : words.filter((word) => word.startsWith(typed)).slice(0, 8)).map((word) => {
        const option = document.createElement("option");
        option.value = word;
        return option;
      }),
    );
  };

  // A space, or a whole phrase pasted into one field, goes on into the fields that follow.
  const spread = (from) => {
    const parts = bare(inputs[from].value).split(/[\s,-]+/).filter(Boolean);
    if (parts.length === 0) { inputs[from].value = ""; return; }
    parts.slice(0, inputs.length - from).forEach((part, step) => { inputs[from + step].value = part; });
    const next = inputs[Math.min(from + parts.length, inputs.length - 1)];
    next.focus();
  };

  inputs.forEach((input, position) => {
    input.addEventListener("input", () => {
      if (/[\s,-]/.test(input.value)) { spread(position); return; }
      suggest(bare(input.value));
    });
    input.addEventListener("focus", () => list.replaceChildren());
  });
})();
