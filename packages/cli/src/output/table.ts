import Table from "cli-table3";
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

/** A table without borders, two spaces in. */
export function formatTable(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const borderless = {
    top: "",
    "top-mid": "",
    "top-left": "",
    "top-right": "",
    bottom: "",
    "bottom-mid": "",
    "bottom-left": "",
    "bottom-right": "",
    left: " ",
    "left-mid": "",
    mid: "",
    "mid-mid": "",
    right: "",
    "right-mid": "",
    middle: " ",
  };
  const table = new Table({
    head: head.map((one) => pc.dim(one)),
    chars: borderless,
    style: { head: [], border: [], "padding-left": 1, "padding-right": 1 },
  });
  for (const row of rows) table.push(row.map(String));
  return table.toString().replace(/ +$/gm, "");
}
