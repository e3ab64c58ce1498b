import { ApiError } from '../errors.ts'

/** Loads an optional package, or says how to install it. */
export async function openDriver<Module>(
  name: string,
  load: () => Promise<Module>,
): Promise<Module> {
  try {
    return await load()
  } catch (cause) {
    const advice = `Run "npm install ${name}"`
    const message = `Cannot open the store: the package ${name} is not installed. ${advice}`
    throw new ApiError('configuration_error', message, { cause })
  }
}
