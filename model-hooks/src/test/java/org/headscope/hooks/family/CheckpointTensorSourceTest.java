package org.headscope.hooks.family;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.nio.file.Path;
import org.headscope.hooks.checkpoint.Checkpoint;
import org.headscope.hooks.checkpoint.CheckpointException;
import org.headscope.hooks.checkpoint.CheckpointException.Kind;
import org.headscope.hooks.checkpoint.SafetensorsWriter;
import org.headscope.hooks.runtime.Engines;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("engine")
@SuppressWarnings("NullAway.Init")
class CheckpointTensorSourceTest {
    private NDManager manager;
    private Checkpoint checkpoint;
    private CheckpointTensorSource source;

    @BeforeEach
    void open(@TempDir Path folder) {
        new SafetensorsWriter()
                .add("w", new Shape(2, 3), new float[] {1, 2, 3, 4, 5, 6})
                .add("bad", new Shape(4), new float[] {1, 2, Float.NaN, 4})
                .add("endless", new Shape(2), new float[] {Float.NEGATIVE_INFINITY, 0})
                .add("extra", new Shape(1), new float[] {1})
                .add("h.0.attn.bias", new Shape(1, 1, 2, 2), new float[] {1, 0, 1, 1})
                .add("h.0.attn.masked_bias", new Shape(1), new float[] {-1e4f})
                .add("h.0.attn.c_attn.bias", new Shape(1), new float[] {1})
                .add("layers.0.attention.rotary_emb.inv_freq", new Shape(1), new float[] {1})
                .add("bert.pooler.dense.weight", new Shape(1), new float[] {1})
                .write(folder.resolve("model.safetensors"));
        manager = Engines.newManager();
        checkpoint = Checkpoint.open(folder);
        source = new CheckpointTensorSource(checkpoint, manager);
    }

    @AfterEach
    void close() {
        checkpoint.close();
        manager.close();
    }

    @Test
    void loadsATensorOfTheExpectedShape() {
        assertThat(source.load("w", 2, 3).toFloatArray()).containsExactly(1, 2, 3, 4, 5, 6);
    }

    @Test
    void openAxisAcceptsAnyLength() {
        assertThat(source.load("w", -1, 3).getShape()).isEqualTo(new Shape(2, 3));
    }

    @Test
    void wrongShapeNamesTensorAndBothShapes() {
        assertThatThrownBy(() -> source.load("w", 3, 2))
                .satisfies(e -> assertThat(kind(e)).isEqualTo(Kind.WRONG_SHAPE))
                .hasMessageContaining("'w'")
                .hasMessageContaining("(2, 3)")
                .hasMessageContaining("(3, 2)");
    }

    @Test
    void missingTensorIsNamed() {
        assertThatThrownBy(() -> source.load("h.7.ln_1.weight", 3))
                .satisfies(e -> assertThat(kind(e)).isEqualTo(Kind.MISSING_TENSOR))
                .hasMessageContaining("h.7.ln_1.weight");
    }

    @Test
    void weightThatIsNotANumberIsNamedWithItsPlace() {
        assertThatThrownBy(() -> source.load("bad", 4))
                .satisfies(e -> assertThat(kind(e)).isEqualTo(Kind.NON_FINITE))
                .hasMessageContaining("'bad'")
                .hasMessageContaining("element 2");
    }

    @Test
    void infiniteWeightIsRefused() {
        assertThatThrownBy(() -> source.load("endless", 2))
                .satisfies(e -> assertThat(kind(e)).isEqualTo(Kind.NON_FINITE));
    }

    @Test
    void whatNobodyReadIsListedExceptSpareParts() {
        source.load("w", 2, 3);

        assertThat(source.unread()).containsExactly("bad", "endless", "extra", "h.0.attn.c_attn.bias");
    }

    private static Kind kind(Throwable e) {
        return ((CheckpointException) e).kind();
    }
}
