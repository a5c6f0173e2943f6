// How a cost grows with its input: the exponent of the power law through the points, and that of its steepest step.
'use strict'

/** What each work is done at, from ten times to ten times as much. */
const SCALES = [1, 10, 100, 1000]

/** What is still linear, give or take what a processor's caches do. */
const MOST = 1.05

/**
 * From costs at SCALES: `fitted`, the slope of the least-squares line through their logarithms, and `last`, that between
 * the two largest, which no constant part of the cost can hide.
 */
function growth(costs) {
  const points = costs.map((cost, at) => [Math.log10(SCALES[at]), Math.log10(cost)])
  const mean = (axis) => points.reduce((sum, point) => sum + point[axis], 0) / points.length
  const [x, y] = [mean(0), mean(1)]
  const over = points.reduce((sum, point) => sum + (point[0] - x) * (point[1] - y), 0)
  const under = points.reduce((sum, point) => sum + (point[0] - x) ** 2, 0)
  return { fitted: over / under, last: points.at(-1)[1] - points.at(-2)[1] }
}

module.exports = { growth, SCALES, MOST }
