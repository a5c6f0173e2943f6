// The package's version: the build puts it here, from package.json.

declare const PACKAGE_VERSION: string

export const VERSION: string = PACKAGE_VERSION
