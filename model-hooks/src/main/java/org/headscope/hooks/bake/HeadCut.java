package org.headscope.hooks.bake;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.headscope.hooks.HeadscopeException;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.intervene.Target;

/**
 * Which heads stay when others are cut out. One {@code config.json} gives one number of heads and of key-value heads for all
 * layers, so every layer must keep as many groups as every other, and every group that stays as many heads.
 *
 * @param heads query heads that stay, by layer
 * @param kvHeads key-value heads that stay, by layer
 */
record HeadCut(List<List<Integer>> heads, List<List<Integer>> kvHeads) {

    /**
     * Plans a cut.
     *
     * @throws HeadscopeException when a head does not exist, or what stays cannot be said in one configuration
     */
    static HeadCut of(Dims dims, Set<Target.Head> removed) {
        removed.forEach(head -> requireExists(dims, head));
        List<List<Integer>> heads = new ArrayList<>();
        List<List<Integer>> groups = new ArrayList<>();
        for (int layer = 0; layer < dims.layers(); layer++) {
            int at = layer;
            heads.add(IntStream.range(0, dims.heads())
                    .filter(head -> !removed.contains(new Target.Head(at, head)))
                    .boxed()
                    .toList());
            groups.add(List.copyOf(new TreeSet<>(heads.get(layer).stream()
                    .map(head -> head / groupSize(dims))
                    .toList())));
        }
        HeadCut cut = new HeadCut(heads, groups);
        cut.requireEven(dims);
        return cut;
    }

    private static int groupSize(Dims dims) {
        return dims.heads() / dims.kvHeads();
    }

    private static void requireExists(Dims dims, Target.Head head) {
        if (head.layer() < 0 || head.layer() >= dims.layers() || head.head() < 0 || head.head() >= dims.heads()) {
            throw new HeadscopeException("There is no head " + head.layer() + "." + head.head() + ": the model has "
                    + dims.layers() + " layers of " + dims.heads() + " heads, counted from 0.");
        }
    }

    private void requireEven(Dims dims) {
        Set<Integer> counts = heads.stream().map(List::size).collect(Collectors.toCollection(TreeSet::new));
        if (counts.size() > 1 || counts.contains(0)) {
            throw new HeadscopeException("Heads can only be cut out when every layer keeps the same number of them, at"
                    + " least one, because config.json has one number for all layers. This mask leaves "
                    + heads.stream()
                            .map(layer -> Integer.toString(layer.size()))
                            .collect(Collectors.joining(", "))
                    + " heads in layers 0 to " + (dims.layers() - 1)
                    + ". Make the counts equal, or write the mask as zeros into W_O instead.");
        }
        Set<List<Integer>> groups = new HashSet<>();
        for (int layer = 0; layer < heads.size(); layer++) {
            groups.add(sizes(layer, groupSize(dims)));
        }
        boolean even = groups.size() == 1 && new TreeSet<>(groups.iterator().next()).size() == 1;
        if (!even) {
            throw new HeadscopeException("This model has " + dims.kvHeads() + " key-value heads for " + dims.heads()
                    + " heads: " + groupSize(dims)
                    + " neighbouring heads share one. Heads can only be cut out when every"
                    + " layer keeps the same number of these groups, and every group the same number of heads. Mask whole"
                    + " groups, or as many heads of every group, or write the mask as zeros into W_O instead.");
        }
    }

    /** How many heads stay in each group that stays. */
    private List<Integer> sizes(int layer, int groupSize) {
        return kvHeads.get(layer).stream()
                .map(group -> (int) heads.get(layer).stream()
                        .filter(head -> head / groupSize == group)
                        .count())
                .toList();
    }

    int headCount() {
        return heads.get(0).size();
    }

    int kvHeadCount() {
        return kvHeads.get(0).size();
    }
}
