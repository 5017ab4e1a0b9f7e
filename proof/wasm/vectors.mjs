// Runs all vectors through the verifier as WebAssembly, as a browser would.
//
// Usage: node vectors.mjs FILE.wasm
//
// `scripts/wasm` builds it and runs this.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";

const [file] = process.argv.slice(2);
const bytes = readFileSync(file);
const { instance } = await WebAssembly.instantiate(bytes, {});
const { memory, room, release, verify } = instance.exports;

function write(value) {
  const text = new TextEncoder().encode(JSON.stringify(value));
  const place = room(text.length);
  new Uint8Array(memory.buffer, place, text.length).set(text);
  return [place, text.length];
}

export function outcome(envelope, trusted) {
  const given = [write(envelope), write(trusted)];
  const said = BigInt.asUintN(64, verify(...given.flat()));
  const [place, length] = [Number(said >> 32n), Number(said & 0xffffffffn)];
  const text = new TextDecoder().decode(new Uint8Array(memory.buffer, place, length));
  for (const lent of [...given, [place, length]]) release(...lent);
  return JSON.parse(text);
}

const folder = new URL("../vectors/", import.meta.url);
const names = readdirSync(folder, { recursive: true }).filter((name) => name.endsWith(".json"));
assert(names.length > 0, "there are no vectors");
const began = performance.now();
for (const name of names) {
  const { anchor, envelope, expect, why } = JSON.parse(readFileSync(new URL(name, folder)));
  assert.deepEqual(outcome(envelope, anchor), expect, `${name}: ${why}`);
}
assert("error" in outcome({}, { hearsay: true }), "what nobody can trust is refused");
const took = Math.round(performance.now() - began);
console.log(`${names.length} vectors came out as they say, in ${took} ms; ${bytes.length} bytes of WebAssembly`);
