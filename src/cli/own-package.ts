import {registerHooks} from 'node:module'

const NAME = '@gsrv/gs'

/**
 * Has modules of others find `@gsrv/gs` where they have none of their own: the one that runs them. So a plugin or a
 * package with commands works wherever it lies. `root`: the URL of this package's folder.
 */
export function offerOwnPackage(root: URL): void {
  registerHooks({
    resolve(specifier, context, next) {
      if (specifier !== NAME && !specifier.startsWith(`${NAME}/`)) return next(specifier, context)
      try {
        return next(specifier, context)
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error
        // A package finds itself by its name.
        return next(specifier, {...context, parentURL: new URL('package.json', root).href})
      }
    },
  })
}
