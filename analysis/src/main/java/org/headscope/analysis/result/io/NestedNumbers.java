package org.headscope.analysis.result.io;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.SerializerProvider;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.headscope.analysis.result.Axis;
import org.headscope.analysis.result.Grid;

/**
 * The numbers of a grid as nested JSON arrays, streamed so that a large attention map never exists as a tree of nodes.
 */
final class NestedNumbers {
    private final int[] shape;
    private final double[] flat;

    private NestedNumbers(int[] shape, double[] flat) {
        this.shape = shape;
        this.flat = flat;
    }

    static NestedNumbers of(Grid grid) {
        return new NestedNumbers(grid.shape(), grid.toArray());
    }

    Grid toGrid(List<Axis> axes) {
        int[] wanted = axes.stream().mapToInt(Axis::size).toArray();
        // An empty axis hides the sizes of the axes inside it, so then only the count can be compared.
        if (flat.length > 0 && !Arrays.equals(wanted, shape)) {
            throw new ResultFormatException("The values are nested as " + Arrays.toString(shape) + " but the axes say "
                    + Arrays.toString(wanted) + ".");
        }
        return Grid.of(axes, flat);
    }

    static final class Writer extends JsonSerializer<NestedNumbers> {
        @Override
        public void serialize(NestedNumbers value, JsonGenerator out, SerializerProvider provider) throws IOException {
            writeLevel(value, out, 0, 0);
        }

        private static int writeLevel(NestedNumbers value, JsonGenerator out, int level, int offset)
                throws IOException {
            int next = offset;
            out.writeStartArray();
            for (int i = 0; i < value.shape[level]; i++) {
                if (level == value.shape.length - 1) {
                    JsonNumbers.write(out, value.flat[next++]);
                } else {
                    next = writeLevel(value, out, level + 1, next);
                }
            }
            out.writeEndArray();
            return next;
        }
    }

    static final class Reader extends JsonDeserializer<NestedNumbers> {
        @Override
        public NestedNumbers deserialize(JsonParser in, DeserializationContext context) throws IOException {
            Collector collector = new Collector();
            collector.readLevel(in, 0);
            return collector.finish();
        }
    }

    private static final class Collector {
        private final List<Integer> sizes = new ArrayList<>();
        private double[] numbers = new double[64];
        private int count;
        private int depthOfNumbers = -1;

        void readLevel(JsonParser in, int level) throws IOException {
            if (in.currentToken() != JsonToken.START_ARRAY) {
                throw new ResultFormatException("Expected an array of numbers at "
                        + in.currentLocation().offsetDescription() + ", got " + in.currentToken() + ".");
            }
            int entries = 0;
            while (in.nextToken() != JsonToken.END_ARRAY) {
                if (in.currentToken() == JsonToken.START_ARRAY) {
                    readLevel(in, level + 1);
                } else {
                    add(in, level);
                }
                entries++;
            }
            close(in, level, entries);
        }

        private void add(JsonParser in, int level) throws IOException {
            if (depthOfNumbers < 0) {
                depthOfNumbers = level;
            }
            if (level != depthOfNumbers) {
                throw ragged(in);
            }
            if (count == numbers.length) {
                numbers = Arrays.copyOf(numbers, count * 2);
            }
            numbers[count++] = JsonNumbers.read(in);
        }

        private void close(JsonParser in, int level, int entries) {
            while (sizes.size() <= level) {
                sizes.add(-1);
            }
            int known = sizes.get(level);
            if (known >= 0 && known != entries) {
                throw ragged(in);
            }
            sizes.set(level, entries);
        }

        private static ResultFormatException ragged(JsonParser in) {
            return new ResultFormatException("The nested values are ragged at "
                    + in.currentLocation().offsetDescription() + ": every row must have the same length.");
        }

        NestedNumbers finish() {
            int[] shape = sizes.stream().mapToInt(Integer::intValue).toArray();
            return new NestedNumbers(shape, Arrays.copyOf(numbers, count));
        }
    }
}
