// What a study or a check sees of a cluster.

/** All of it but what passes with the time: its settings, faults, load and shape. @param {import('../types').State | undefined} state */
export function standing(state) {
  if (!state) return '';
  const { settings, links, nodes } = state;
  const ways = links.flatMap(({ a, b, forth, back }) =>
    [forth, back].map((way) => [a, b, way.state, way.latencyUs, way.jitterUs, way.lossPpm, way.bandwidth]),
  );
  const each = nodes.map((node) => {
    const { name, role, upstream, process, applyDelayUs, applyPaused, readOnly, applySpeed, aside, capacity } = node;
    return [name, role, upstream, process, applyDelayUs, applyPaused, readOnly, applySpeed, aside, capacity?.text];
  });
  return JSON.stringify([settings.values, settings.seed, ways, each]);
}
