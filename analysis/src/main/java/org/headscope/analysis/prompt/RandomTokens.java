package org.headscope.analysis.prompt;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.headscope.hooks.HeadscopeException;

/** Draws token ids; one seed always gives the same ids. */
public final class RandomTokens {
    private final Random random;
    private final List<Integer> allowed;

    /**
     * Prepares to draw.
     *
     * @param vocab number of token ids
     * @param excluded ids that are never drawn, such as special ones
     * @param seed where to start
     * @throws HeadscopeException when nothing is left to draw
     */
    public RandomTokens(int vocab, Collection<Integer> excluded, long seed) {
        Set<Integer> never = new HashSet<>(excluded);
        this.random = new Random(seed);
        this.allowed = IntStream.range(0, vocab)
                .filter(id -> !never.contains(id))
                .boxed()
                .toList();
        if (allowed.isEmpty()) {
            throw new HeadscopeException("All " + vocab + " token ids are excluded: leave some to draw from.");
        }
    }

    /**
     * Draws ids that are all different.
     *
     * @param count how many
     * @return the ids
     * @throws HeadscopeException when there are not as many
     */
    public int[] distinct(int count) {
        if (count > allowed.size()) {
            throw new HeadscopeException("Cannot draw " + count + " different token ids from " + allowed.size()
                    + ": shorten the sequence or exclude fewer ids.");
        }
        Set<Integer> drawn = new LinkedHashSet<>();
        if (count * 2 > allowed.size()) {
            List<Integer> shuffled = new ArrayList<>(allowed);
            Collections.shuffle(shuffled, random);
            drawn.addAll(shuffled.subList(0, count));
        }
        while (drawn.size() < count) {
            drawn.add(one());
        }
        return drawn.stream().mapToInt(Integer::intValue).toArray();
    }

    /**
     * Draws ids independently.
     *
     * @param count how many
     * @return the ids
     */
    public int[] any(int count) {
        return IntStream.range(0, count).map(i -> one()).toArray();
    }

    /** {@return one id} */
    public int one() {
        return allowed.get(random.nextInt(allowed.size()));
    }
}
