import {NewFile} from '../../util/new-file.js'

export interface WrittenReport {
  /** Absolute path. */
  readonly file: string
  readonly sizeBytes: number
}

/** Writes a page into a new file, which is there when it is whole. @throws {GsError} file_exists, file_unwritable. */
export async function writeReport(
  page: string,
  {path, mayReplace}: {path: string; mayReplace: boolean},
): Promise<WrittenReport> {
  await using file = await NewFile.open(path, {mayReplace})
  await file.write(Buffer.from(page))
  await file.finish()
  return {file: file.path, sizeBytes: file.sizeBytes}
}
