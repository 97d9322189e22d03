// Lets the page where one speaks open without a network. It keeps a blank copy and its styles, nothing that was typed.
"use strict";
const PAGE = "{% url 'feedback:speak' %}", COPY = "{% url 'feedback:offline' %}", SHELF = "jaabi";
const DAY = 24 * 60 * 60 * 1000;

async function keep(language) {
  const shelf = await caches.open(SHELF), old = await shelf.match(COPY);
  const age = old ? Date.now() - Date.parse(old.headers.get("Date")) : DAY;
  if (age < DAY && old.headers.get("Content-Language") === language) return;
  const fresh = await fetch(COPY, { credentials: "omit", cache: "no-store", headers: { "Accept-Language": language } });
  if (!fresh.ok) return;
  const parts = (await fresh.clone().text()).match(/(?:href|src)="\/[^"]+\.(?:css|js|svg)"/g) || [];
  await shelf.addAll([...new Set(parts.map((part) => part.split('"')[1]))]);
  await shelf.put(COPY, fresh);
}

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("message", (event) => event.waitUntil(keep(event.data)));
self.addEventListener("fetch", (event) => {
  const asked = event.request, path = new URL(asked.url).pathname;
  if (asked.method !== "GET") return;
  if (asked.mode !== "navigate") event.respondWith(fetch(asked).catch(() => caches.match(asked)));
  else if (path === PAGE) event.respondWith(fetch(asked).catch(() => caches.match(COPY)));
});
