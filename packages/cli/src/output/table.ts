import { stripVTControlCharacters } from "node:util";
import pc from "picocolors";

/** Prints a titled table without borders; nothing where there are no rows. */
export function printTable(
  title: string,
  head: readonly string[],
  rows: readonly (readonly (string | number)[])[],
): void {
  if (rows.length === 0) return;
  process.stdout.write(`\n${pc.bold(title)}\n${formatTable(head, rows)}\n`);
}

/** A table without borders, two spaces in, three between columns. */
export function formatTable(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const lines = [head.map((one) => pc.dim(one)), ...rows.map((row) => row.map(String))];
  const widths = head.map((_, column) => Math.max(...lines.map((cells) => widthOf(cells[column] ?? ""))));
  return lines
    .map((cells) => cells.map((cell, column) => cell + " ".repeat((widths[column] ?? 0) - widthOf(cell))).join("   "))
    .map((line) => `  ${line}`.trimEnd())
    .join("\n");
}

/** Columns that a terminal needs for `text`: colours none, ideographs and emoji two. */
function widthOf(text: string): number {
  let width = 0;
  for (const character of stripVTControlCharacters(text)) width += wide.test(character) ? 2 : 1;
  return width;
}

const wide =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u;
