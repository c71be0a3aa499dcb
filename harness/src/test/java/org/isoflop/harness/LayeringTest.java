package org.isoflop.harness;

import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Dependencies between the packages run one way only. */
@AnalyzeClasses(
    packages = "org.isoflop",
    importOptions = {ImportOption.DoNotIncludeTests.class})
final class LayeringTest {

  @ArchTest
  static final ArchRule PACKAGES_DEPEND_DOWNWARD_ONLY =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .layer("cli")
          .definedBy("org.isoflop.harness.cli..")
          .layer("sweep")
          .definedBy("org.isoflop.harness.sweep..")
          .layer("train")
          .definedBy("org.isoflop.harness.train..")
          .layer("plan")
          .definedBy("org.isoflop.harness.plan..")
          .layer("config")
          .definedBy("org.isoflop.harness.config..")
          .layer("data")
          .definedBy("org.isoflop.harness.data..")
          .layer("report")
          .definedBy("org.isoflop.harness.report..")
          .layer("analysis")
          .definedBy("org.isoflop.harness.analysis..")
          .layer("root")
          .definedBy("org.isoflop.harness")
          .layer("models")
          .definedBy("org.isoflop.models..")
          .whereLayer("cli")
          .mayOnlyAccessLayers(
              "sweep", "train", "plan", "config", "data", "report", "analysis", "root", "models")
          .whereLayer("sweep")
          .mayOnlyAccessLayers("train", "plan", "config", "data", "root", "models")
          .whereLayer("train")
          .mayOnlyAccessLayers("plan", "data", "root", "models")
          .whereLayer("plan")
          .mayOnlyAccessLayers("config", "root", "models")
          .whereLayer("config")
          .mayOnlyAccessLayers("root", "models")
          .whereLayer("data")
          .mayOnlyAccessLayers("root")
          .whereLayer("report")
          .mayOnlyAccessLayers("analysis", "root")
          .whereLayer("analysis")
          .mayOnlyAccessLayers("root")
          .whereLayer("root")
          .mayNotAccessAnyLayer()
          .whereLayer("models")
          .mayNotAccessAnyLayer();
}
