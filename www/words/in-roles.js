/**
 * Words that are made anew only when the roles have other names.
 * @template Roles, Words @param {(roles: Roles) => Words} make
 */
export function inRoles(make) {
  /** @type {Roles | undefined} */ let last;
  /** @type {Words} */ let words;
  return (/** @type {Roles} */ roles) => {
    if (roles !== last) words = make((last = roles));
    return words;
  };
}
