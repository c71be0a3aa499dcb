package org.isoflop.harness.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.isoflop.harness.sweep.WorkerPlans.branch;
import static org.isoflop.harness.sweep.WorkerPlans.root;
import static org.isoflop.harness.sweep.WorkerPlans.trunk;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.isoflop.harness.BadInputException;
import org.isoflop.harness.SealedJson;
import org.isoflop.harness.config.SweepConfig;
import org.isoflop.harness.plan.Horizon;
import org.isoflop.harness.sweep.WorkerPlan.PlannedJob;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code plan.json} is read as it was written, or refused with what to do. */
final class WorkerPlanTest {

  private static final WorkerPlan PLAN =
      WorkerPlans.of(
          2,
          root("plain", 100, 0.1),
          trunk("trunk", "", 0, 80, 1e-3),
          branch("branch", "trunk", 80, 100, 1.0 / 3));

  @TempDir private Path path;

  @BeforeEach
  void write() {
    folder().writeConfig(SweepConfig.of("hand", List.of("a.txt"), List.of(1e9, 1e10)));
    PLAN.write(folder().plan());
  }

  @Test
  void everyJobComesBackWithTheIdentityItHad() {
    WorkerPlan read = WorkerPlan.read(folder());
    assertThat(read).isEqualTo(PLAN);
    for (int i = 0; i < PLAN.jobs().size(); i++) {
      assertThat(read.conditions().identity(read.jobs().get(i).job()))
          .isEqualTo(PLAN.conditions().identity(PLAN.jobs().get(i).job()));
    }
  }

  /** Plans from before there were base shapes do not name one. */
  @Test
  void aPlanWithoutBaseShapesIsOfTheStandardParametrization() throws IOException {
    ObjectNode file = SealedJson.read(folder().plan());
    for (JsonNode job : file.path("jobs")) {
      ObjectNode options = (ObjectNode) job.at("/job/decoder/options");
      assertThat(options.remove("base")).isNotNull();
    }
    SealedJson.write(folder().plan(), file);
    assertThat(WorkerPlan.read(folder())).isEqualTo(PLAN);
  }

  /** As plans were written before runs had uses. */
  @Test
  void anEarlierPlanIsReadAsItWasMeant() throws IOException {
    ObjectNode json = SealedJson.read(folder().plan());
    List<JsonNode> horizons =
        json.findValues("horizon").stream().filter(JsonNode::isObject).toList();
    assertThat(horizons).hasSize(2);
    for (int i = 0; i < 2; i++) {
      ((ObjectNode) horizons.get(i)).put("verification", i == 1).remove("use");
    }
    SealedJson.write(folder().plan(), json);
    List<PlannedJob> read = WorkerPlan.read(folder()).jobs();
    assertThat(read.get(0)).isEqualTo(PLAN.jobs().get(0));
    assertThat(read.get(2).job().isFor(Horizon.Use.VERIFICATION)).isTrue();
  }

  @Test
  void aDamagedPlanIsNamedWithWhatToDelete() throws IOException {
    String whole = Files.readString(folder().plan());
    for (String damaged :
        List.of(
            "",
            whole.substring(0, whole.length() / 2),
            whole.replaceFirst("\"seed\" : 1", "\"seed\" : 2"),
            "{\"jobs\" : []}")) {
      Files.writeString(folder().plan(), damaged);
      assertThatThrownBy(() -> WorkerPlan.read(folder()))
          .isInstanceOf(BadInputException.class)
          .hasMessageStartingWith(folder().plan() + ": cannot be read (")
          .hasMessageEndingWith("delete it, and the sweep command writes it again");
    }
  }

  @Test
  void jobsThatDoNotFitEachOtherAreRefused() {
    PlannedJob one = root("one", 100, 1);
    assertThatThrownBy(() -> WorkerPlans.of(1, one, one)).hasMessageContaining("one twice");
    assertThatThrownBy(() -> WorkerPlans.of(1, branch("b", "gone", 80, 100, 1)))
        .hasMessageContaining("b, whose parent gone is not before it");
    assertThatThrownBy(() -> WorkerPlans.of(1)).isInstanceOf(IllegalArgumentException.class);
  }

  private SweepFolder folder() {
    return new SweepFolder(path);
  }
}
