import { masked } from "../base/secret-box.ts";
import { newBudget } from "../expression/budget.ts";
import { yamlText } from "../expression/filters/yaml-text.ts";
import { maskPieces, type PieceFinder, pieceFinder } from "./secret-pieces.ts";

/** The secrets that are known, in every form in which they may stand in a text. */
export interface SecretForms {
  add(secret: string): void;
  isEmpty(): boolean;
  /** Those that stand in a text. */
  standIn(text: string): string[];
  /** The text with stars in place of secrets. */
  mask(text: string): string;
  /** The same of a message, which may show only a piece of a text that a secret stands in. */
  maskMessage(message: string): string;
}

/** Gathers the forms of secrets. */
export function gatherForms(): SecretForms {
  const bySecret = new Map<string, readonly Form[]>();
  // The longest first: one may be part of another.
  let sorted: readonly Form[] = [];
  const mask = (text: string) =>
    sorted.reduce((rest, { form, pattern }) => rest.replaceAll(pattern ?? form, masked), text);
  return {
    add(secret) {
      if (secret === "" || bySecret.has(secret)) return;
      bySecret.set(secret, formsOf(secret).map(readied));
      sorted = [...bySecret.values()].flat().sort((a, b) => b.form.length - a.form.length);
    },
    isEmpty: () => bySecret.size === 0,
    standIn(text) {
      const isHere = ({ form, pattern }: Form) =>
        pattern === undefined ? text.includes(form) : text.search(pattern) >= 0;
      return [...bySecret].filter(([, forms]) => forms.some(isHere)).map(([secret]) => secret);
    },
    mask,
    maskMessage(message) {
      const rest = excerpts.reduce((text, excerpt) => text.replace(excerpt, masked), message);
      return maskPieces(
        mask(rest),
        sorted.map(({ piecesIn }) => piecesIn),
      );
    },
  };
}

interface Form {
  form: string;
  /** In YAML the lines of a text are indented. */
  pattern?: RegExp;
  piecesIn: PieceFinder;
}

function readied(form: string): Form {
  const piecesIn = pieceFinder(form);
  if (!form.includes("\n")) return { form, piecesIn };
  const lines = form.split("\n").map((line) => line.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&"));
  return { form, piecesIn, pattern: new RegExp(lines.join("\\n[ \\t]*"), "g") };
}

/** What parsers show of a text that they cannot read (JSON.parse, and ours of Ion and YAML): a part of a secret may be in it. */
const excerpts = [
  /(?:\.{3})?"[\s\S]{0,80}"(?:\.{3})?(?= is not valid JSON)/g,
  /(?<=Invalid ion: (?:unexpected|expected [^\n]{1,40}, got) )`[\s\S]*?`/g,
  /(?<=Invalid yaml: [^:\n]{1,80}: )\S+/g,
];

/** Hosts are written small in URLs, methods in capitals; shorter words are too many others, too. */
const shortestWord = 8;
/** Texts in JSON may stand in JSON, and so on. */
const JSON_LEVELS = 3;

/** How a secret may stand in a text: as it is, in JSON, in YAML, in the parts of a URL. What is blank around it may be trimmed. */
function formsOf(secret: string): string[] {
  const text = secret.trim() === "" ? secret : secret.trim();
  const forms = [text];
  for (let level = 0, form = text; level < JSON_LEVELS; level += 1) {
    form = JSON.stringify(form).slice(1, -1);
    forms.push(form);
  }
  const yaml = yamlText(text, newBudget()).trim();
  if (/^["']/.test(yaml)) forms.push(yaml.slice(1, -1));
  if (text.length >= shortestWord) forms.push(text.toLowerCase(), text.toUpperCase());
  if (text.isWellFormed()) {
    const url = new URL("http://host");
    url.pathname = `/${text}`;
    url.search = `?${text}`;
    forms.push(encodeURIComponent(text), url.pathname.slice(1), url.search.slice(1));
    forms.push(new URLSearchParams([["", text]]).toString().slice(1));
  }
  return [...new Set(forms)].filter((form) => form !== "");
}
