package org.headscope.analysis.edges;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/**
 * Looks for the sets of heads on which a circuit fails worst (Wang et al. 2211.00593, section 4): {@code K} in the circuit
 * {@code C} for which {@code C \ K} and {@code M \ K} differ most, and, for a head {@code v}, {@code K} for which it matters
 * most whether {@code v} is removed from {@code C \ K} too.
 */
final class CriteriaSearch {
    private final HeadKnockout model;
    private final BitSet circuit;
    private final BitSet outside;
    private final int randomSets;
    private final int depth;
    private final long seed;

    /**
     * @param model the examples that sets are chosen on
     * @param circuit the heads of the circuit
     * @param heads number of heads of the model
     */
    CriteriaSearch(HeadKnockout model, BitSet circuit, int heads, CircuitCriteria.Parameters parameters, long seed) {
        this.model = model;
        this.circuit = circuit;
        this.outside = new BitSet();
        outside.set(0, heads);
        outside.andNot(circuit);
        this.randomSets = parameters.randomSets();
        this.depth = parameters.depth();
        this.seed = seed;
    }

    /** Heads to replace so that {@code C \ K} is left. */
    BitSet leaving(BitSet k) {
        return union(outside, k);
    }

    /** Mean of {@code F(C \ K) - F(M \ K)}. */
    double incompleteness(BitSet k) {
        return model.mean(leaving(k)) - model.mean(k);
    }

    /** Mean of {@code F(C \ K) - F(C \ (K + v))}. */
    double need(int v, BitSet k) {
        BitSet with = (BitSet) k.clone();
        with.set(v);
        return model.mean(leaving(k)) - model.mean(leaving(with));
    }

    /** The random set, of a random size from 1 on, with the largest incompleteness. */
    BitSet worstRandom() {
        return largest(randomSubsets(circuit, new Random(seed)), this::incompleteness);
    }

    /** The worst of the sets that arise when the head is added, time after time, that makes it worst. */
    BitSet worstGreedy() {
        return largest(grown(circuit, this::incompleteness), this::incompleteness);
    }

    /** The set without which {@code v} is missed most: none, all others, random ones, and one that grows greedily. */
    BitSet bestFor(int v) {
        BitSet others = (BitSet) circuit.clone();
        others.clear(v);
        List<BitSet> candidates = new ArrayList<>();
        candidates.add(new BitSet());
        candidates.add(others);
        candidates.addAll(randomSubsets(others, new Random(seed + v)));
        candidates.addAll(grown(others, k -> need(v, k)));
        return largest(candidates, k -> need(v, k));
    }

    private List<BitSet> grown(BitSet from, ToDoubleFunction<BitSet> effect) {
        List<BitSet> stages = new ArrayList<>();
        BitSet now = new BitSet();
        for (int step = 0; step < Math.min(depth, from.cardinality()); step++) {
            List<BitSet> larger = new ArrayList<>();
            for (int head : from.stream().toArray()) {
                if (!now.get(head)) {
                    BitSet with = (BitSet) now.clone();
                    with.set(head);
                    larger.add(with);
                }
            }
            now = largest(larger, effect);
            stages.add(now);
        }
        return stages;
    }

    private List<BitSet> randomSubsets(BitSet from, Random random) {
        List<BitSet> sets = new ArrayList<>();
        for (int i = 0; i < randomSets && !from.isEmpty(); i++) {
            List<Integer> heads = from.stream().boxed().collect(Collectors.toCollection(ArrayList::new));
            Collections.shuffle(heads, random);
            BitSet set = new BitSet();
            heads.subList(0, 1 + random.nextInt(heads.size())).forEach(set::set);
            sets.add(set);
        }
        return sets;
    }

    /** The first of those with the largest effect of either sign; the empty set when there are none. */
    private static BitSet largest(List<BitSet> sets, ToDoubleFunction<BitSet> effect) {
        BitSet best = new BitSet();
        double size = -1;
        for (BitSet set : sets) {
            double now = Math.abs(effect.applyAsDouble(set));
            if (now > size) {
                best = set;
                size = now;
            }
        }
        return best;
    }

    static BitSet union(BitSet one, BitSet other) {
        BitSet both = (BitSet) one.clone();
        both.or(other);
        return both;
    }
}
