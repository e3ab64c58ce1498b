/** The IAM policy statements that allow each kind of principal to use the models. */
export const POLICIES = {
  user: 'Allow group G to use generative-ai-family in compartment C',
  dynamicGroup: 'Allow dynamic-group D to use generative-ai-family in compartment C',
  workload: 'Allow any-user to use generative-ai-family in compartment C where all ' +
    "{request.principal.type='workload', request.principal.namespace='N', " +
    "request.principal.service_account='S', request.principal.cluster_id='O'}",
  genAiApiKey: 'Allow any-user to use generative-ai-family in compartment C where ALL ' +
    "{request.principal.type='generativeaiapikey'}",
} as const

/** Names the compartment in a policy statement: the root compartment is the tenancy. */
export function policyFor(statement: string, compartmentId: string): string {
  const place = compartmentId.startsWith('ocid1.tenancy.')
    ? 'in tenancy'
    : `in compartment id ${compartmentId}`
  return statement.replace('in compartment C', place)
}
