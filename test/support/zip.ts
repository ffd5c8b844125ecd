import { ZipFile } from "yazl";

/** An archive of these files. A name that ends in `!` is a program; one of `name -> target` a symbolic link. */
export async function toZip(files: Readonly<Record<string, string>>): Promise<Buffer> {
  const zip = new ZipFile();
  for (const [name, content] of Object.entries(files)) {
    const [path = name, target] = name.split(" -> ");
    const mode = target !== undefined ? 0o120777 : name.endsWith("!") ? 0o100755 : 0o100644;
    zip.addBuffer(Buffer.from(target ?? content), path.replace(/!$/, ""), { mode });
  }
  zip.end();
  const pieces: Buffer[] = [];
  for await (const piece of zip.outputStream) pieces.push(Buffer.from(piece));
  return Buffer.concat(pieces);
}
