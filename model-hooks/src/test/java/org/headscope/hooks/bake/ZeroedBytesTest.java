package org.headscope.hooks.bake;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ZeroedBytesTest {
    @Test
    void exactlyTheStretchesBecomeZeroAlsoAcrossBlocksAndWhereTheyOverlap() throws IOException {
        Random random = new Random(3);
        byte[] bytes = new byte[300_000];
        random.nextBytes(bytes);
        byte[] expected = bytes.clone();
        ZeroedBytes zeroed = new ZeroedBytes();
        for (int i = 0; i < 200; i++) {
            int from = random.nextInt(bytes.length);
            int length = Math.min(bytes.length - from, i % 10 == 0 ? 90_000 : random.nextInt(700));
            zeroed.add(from, length);
            Arrays.fill(expected, from, from + length, (byte) 0);
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();

        zeroed.copy(new ByteArrayInputStream(bytes), out);

        assertThat(out.toByteArray()).isEqualTo(expected);
    }

    @Test
    void withoutStretchesAFileIsCopied() throws IOException {
        byte[] bytes = {1, 2, 3};
        ByteArrayOutputStream out = new ByteArrayOutputStream();

        new ZeroedBytes().copy(new ByteArrayInputStream(bytes), out);

        assertThat(out.toByteArray()).isEqualTo(bytes);
    }
}
