package org.headscope.analysis.circuit;

import org.headscope.analysis.linalg.Matrix;

/**
 * The four thin matrices of one query head, with the norms around them folded in. Under grouped-query attention heads of one
 * group have the same {@code k} and {@code v}.
 *
 * @param q reads queries, {@code [d_head, d_model]}
 * @param k reads keys, {@code [d_head, d_model]}
 * @param v reads values, {@code [d_head, d_model]}
 * @param o writes, {@code [d_model, d_head]}
 */
record HeadFactors(Matrix q, Matrix k, Matrix v, Matrix o) {}
