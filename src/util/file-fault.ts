const WORDS: Readonly<Record<string, string>> = {
  ENOENT: 'no such file or folder',
  ENOTDIR: 'a part of the path is no folder',
  EISDIR: 'it is a folder',
  EACCES: 'permission denied',
  EPERM: 'not permitted',
  EROFS: 'the disk is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the quota is used up',
  ENAMETOOLONG: 'the name is too long',
  ELOOP: 'links lead round in a circle',
  EMFILE: 'too many files are open',
}

/** Why a file cannot be read or written, for behind a message that names it: Node's words repeat the path. */
export function fileFault(error: unknown): string {
  const {code = '', message = String(error)} = error as Partial<NodeJS.ErrnoException>
  return WORDS[code] ?? message
}
