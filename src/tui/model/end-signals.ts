/**
 * What ends a screen from outside, and the exit status then. As shells count: 128 and the signal's number. Ctrl-C is a way
 * to leave, so it is 0.
 */
export const END_SIGNALS = {SIGINT: 0, SIGHUP: 129, SIGQUIT: 131, SIGTERM: 143} as const
