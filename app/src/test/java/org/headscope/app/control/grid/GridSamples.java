package org.headscope.app.control.grid;

import java.util.Random;

/** Numbers that look like real results. */
final class GridSamples {
    private GridSamples() {}

    static GridValues heads(int layers, int heads) {
        Random random = new Random(7);
        float[][] cells = new float[layers][heads];
        for (float[] row : cells) {
            for (int head = 0; head < heads; head++) {
                double value = random.nextGaussian() * 0.12;
                row[head] = (float) (random.nextInt(14) == 0 ? value + random.nextGaussian() * 0.9 : value);
            }
        }
        return GridValues.of(cells);
    }

    /** A causal pattern with a sink in the first column and a previous-token stripe. */
    static GridValues attention(int length) {
        float[][] cells = new float[length][length];
        for (int query = 0; query < length; query++) {
            double rest = query == 0 ? 0 : 0.3 / query;
            for (int key = 0; key < length; key++) {
                double weight = key > query ? 0 : rest;
                if (key == 0) {
                    weight = query == 0 ? 1 : 0.4;
                } else if (key == query - 1) {
                    weight += 0.3;
                }
                cells[query][key] = (float) weight;
            }
        }
        return GridValues.of(cells);
    }
}
