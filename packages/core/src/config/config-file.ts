import {
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  visit,
  type Document,
  type YAMLMap,
} from "yaml";
import { closestTo } from "./closest-to.ts";
import { configKeys, configTree, isGroup, type ConfigKey, type ConfigNode } from "./config-keys.ts";

/** A config file as read: nothing here touches a disk. */
export interface ConfigFile {
  /** Its path, for messages. */
  file: string;
  text: string;
}

/** A value that somebody set, and where. */
export interface Setting {
  key: ConfigKey;
  value: unknown;
  /** Where the value (or its element) stands, for messages. */
  at(element?: number): string;
}

/** What a file sets, and what is wrong with its form, each with file, line and column. Values are not checked yet. */
export function readConfigFile(
  { file, text }: ConfigFile,
  owner: "user" | "project",
): { settings: Setting[]; problems: string[] } {
  const counter = new LineCounter();
  const document = parseDocument(text, { lineCounter: counter, prettyErrors: false });
  const settings: Setting[] = [];
  const problems: string[] = [];

  function at(node: unknown): string {
    const { line, col } = counter.linePos(offsetOf(node));
    return `${file}:${line}:${col}`;
  }

  function walk(map: YAMLMap, nodes: readonly ConfigNode[], above: string): void {
    for (const { key: word, value } of map.items) {
      const name = above + (isScalar(word) ? String(word.value) : String(word));
      const node = nodes.find((candidate) => candidate.name === name);
      // A key without a value is as good as none: all that was below it may be commented out.
      const isEmpty = value === null || (isScalar(value) && value.value === null);
      if (node === undefined)
        problems.push(`${at(word)}: unknown key ${name}${didYouMean(name, nodes)}`);
      else if (isEmpty) continue;
      else if (!isGroup(node)) set(node, word, value);
      else if (isMap(value)) walk(value, node.members, `${name}.`);
      else
        problems.push(
          `${at(value)}: ${name} must hold keys: ${node.members.map((member) => member.name.slice(name.length + 1)).join(", ")}`,
        );
    }
  }

  function set(key: ConfigKey, word: unknown, value: unknown): void {
    if (owner === "project" && !key.project) {
      problems.push(
        `${at(word)}: ${key.name} cannot be set by a project's file, which comes from the repository; set it in your own config file`,
      );
      return;
    }
    const elements = isSeq(value) ? value.items : [];
    settings.push({
      key,
      value: toPlain(value, document),
      at: (element) => at(elements[element ?? -1] ?? value),
    });
  }

  for (const error of document.errors) problems.push(`${at(error)}: ${error.message}`);
  // An alias could make a small file huge, and no key is worth one.
  visit(document, {
    Alias: (_, alias) =>
      void problems.push(`${at(alias)}: an alias (*${alias.source}) is not supported here`),
  });
  if (problems.length > 0 || document.contents === null) return { settings, problems };
  if (isMap(document.contents)) walk(document.contents, configTree, "");
  else if (!(isScalar(document.contents) && document.contents.value === null))
    problems.push(`${at(document.contents)}: expected lines of the form "key: value"`);
  return { settings, problems };
}

function offsetOf(node: unknown): number {
  if (typeof node !== "object" || node === null) return 0;
  if ("pos" in node && Array.isArray(node.pos)) return Number(node.pos[0]);
  return "range" in node && Array.isArray(node.range) ? Number(node.range[0]) : 0;
}

function toPlain(value: unknown, document: Document): unknown {
  return isScalar(value) || isSeq(value) || isMap(value) ? value.toJS(document) : value;
}

function didYouMean(name: string, siblings: readonly ConfigNode[]): string {
  const word = name.slice(name.lastIndexOf(".") + 1);
  const elsewhere = [...configKeys.keys()].find((known) => known.endsWith(`.${word}`));
  const meant =
    elsewhere ??
    closestTo(
      name,
      siblings.map((sibling) => sibling.name),
    );
  return meant === undefined ? "" : `; did you mean ${meant}?`;
}
