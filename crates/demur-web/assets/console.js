// Keys for reviewers. Every page works without them.
"use strict";

(() => {
  const links = () => [...document.querySelectorAll("a[data-open]")];
  const row = () => document.activeElement.closest("tr");

  const move = (by) => {
    const all = links();
    const here = all.findIndex((link) => row() && row().contains(link));
    const next = all[here < 0 ? 0 : Math.min(Math.max(here + by, 0), all.length - 1)];
    if (next) next.focus();
  };

  const press = (key) => {
    const target = document.querySelector(`[data-key="${key}"]`);
    if (target) target.click();
  };

  const keys = {
    j: () => move(1),
    k: () => move(-1),
    o: () => {
      const link = row() && row().querySelector("a[data-open]");
      if (link) link.click();
    },
    x: () => {
      const box = row() && row().querySelector("input[type=checkbox]");
      if (box) box.checked = !box.checked;
    },
    a: () => press("a"),
    u: () => press("u"),
    "/": () => {
      location.href = "/console/search";
    },
    "?": () => {
      const help = document.getElementById("keys");
      if (!help) return;
      help.open = !help.open;
      if (help.open) help.querySelector("summary").focus();
    },
  };

  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("textarea, select, input:not([type=checkbox])");
    if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
    const act = keys[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
})();
