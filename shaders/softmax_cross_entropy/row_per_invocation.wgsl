// Loss of each row. Its gradient replaces the logits. One invocation for each row.
// Computes:
//   loss[r] = log(sum over v of exp(logits[r,v])) - logits[r,targets[r]]
//   logits[r,v] = (softmax(logits[r])[v] - [v = targets[r]]) · SCALE
//   with WEIGHTED as in options.wgsl
// Bindings: logits [R,V], targets [R], loss [R], and those of options.wgsl
// Owner: invocation r owns row r of logits and loss[r]

const FOURS = V / 4u;

// Four at a time, for fewer turns of the loop. These are single loads, because a row may start at any
// element.
fn four_logits(at: u32) -> vec4<f32> {
  return vec4<f32>(logits[at], logits[at + 1u], logits[at + 2u], logits[at + 3u]);
}

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let r = linear_index(id);
  if (r >= R) { return; }
  let first = r * V;
  let target_id = targets[r];
  let counts = target_id < V;
  let target_logit = logits[first + min(target_id, V - 1u)];

  // One pass finds the largest so far and the sum of exp(logit - largest): a new largest scales the
  // sum. There are four sums: with tens of thousands of terms, one sum would lose digits.
  var largest = logits[first];
  var sums = vec4<f32>();
  for (var n = 0u; n < FOURS; n++) {
    let four = four_logits(first + 4u * n);
    let top = max(max(four.x, four.y), max(four.z, four.w));
    if (top > largest) {
      sums *= exp(largest - top);
      largest = top;
    }
    sums += exp(four - largest);
  }
  for (var v = 4u * FOURS; v < V; v++) {
    let logit = logits[first + v];
    if (logit > largest) {
      sums *= exp(largest - logit);
      largest = logit;
    }
    sums.x += exp(logit - largest);
  }
  let sum = (sums.x + sums.y) + (sums.z + sums.w);

#if WEIGHTED
  let log_sum = log(sum);
  var weight = hit(target_id);
  var total = weight * (log_sum + (largest - target_logit));
#if LABEL_SMOOTHING
  for (var v = 0u; v < V; v++) {
    weight += spread(v);
    total += spread(v) * (log_sum + (largest - logits[first + v]));
  }
#endif
  loss[r] = select(0.0, total, counts);
#else
  loss[r] = select(0.0, log(sum) + (largest - target_logit), counts);
#endif

#if GRADIENT
#if WEIGHTED
  let factor = weight * row_scale() / sum;
  for (var v = 0u; v < V; v++) {
    let gradient = factor * exp(logits[first + v] - largest) - row_scale() * (spread(v) + select(0.0, hit(v), v == target_id));
    logits[first + v] = select(0.0, gradient, counts);
  }
#else
  let factor = select(0.0, row_scale() / sum, counts);
  for (var n = 0u; n < FOURS; n++) {
    let at = first + 4u * n;
    let gradient = factor * exp(four_logits(at) - largest);
    logits[at] = gradient.x;
    logits[at + 1u] = gradient.y;
    logits[at + 2u] = gradient.z;
    logits[at + 3u] = gradient.w;
  }
  for (var v = 4u * FOURS; v < V; v++) { logits[first + v] = factor * exp(logits[first + v] - largest); }
  if (counts) { logits[first + target_id] = row_scale() * (exp(target_logit - largest) / sum - 1.0); }
#endif
#endif
}
