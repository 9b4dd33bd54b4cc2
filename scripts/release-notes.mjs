// Prints the section of CHANGELOG.md for the version of a tag. Fails if the tag is not the version
// of package.json, or if the change log has no section for it.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readJson, root } from './state.mjs';

const [tag = ''] = process.argv.slice(2);
const { version } = readJson(join(root, 'package.json'));
if (tag !== `v${version}`)
  fail(`the tag is "${tag}", and package.json has version ${version}: expected the tag v${version}`);
const [, notes] =
  readFileSync(join(root, 'CHANGELOG.md'), 'utf8')
    .split(/^## /m)
    .map((section) => section.split(/\n(.*)/s))
    .find(([heading]) => heading.split(' ')[0] === version) ?? [];
if (!notes?.trim()) fail(`CHANGELOG.md says nothing of ${version}: add a section "## ${version} (date)"`);
console.log(notes.trim());

function fail(message) {
  console.error(`unrolled release: ${message}`);
  process.exit(1);
}
