package org.headscope.hooks.testing;

import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Collects garbage and writes over what became free, so that whoever still reads freed memory is found out. */
public final class Garbage {
    private static final int COPIES = 2000;

    private Garbage() {}

    /**
     * Collects garbage and takes the free memory.
     *
     * @param sizes sizes of the freed pieces that are looked for, in bytes
     * @return what was taken; to be kept as long as others may read it
     */
    public static List<ByteBuffer> overwriteFreedMemory(int... sizes) {
        collect();
        List<ByteBuffer> kept = new ArrayList<>();
        for (int i = 0; i < COPIES; i++) {
            for (int size : sizes) {
                ByteBuffer buffer = ByteBuffer.allocateDirect(size);
                while (buffer.hasRemaining()) {
                    buffer.put((byte) 0x40);
                }
                kept.add(buffer);
            }
        }
        return kept;
    }

    /* Direct buffers are freed by another thread a moment after they are found dead. */
    private static void collect() {
        WeakReference<Object> canary = new WeakReference<>(new Object());
        try {
            for (int i = 0; i < 3 || canary.get() != null; i++) {
                System.gc();
                Thread.sleep(20);
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
