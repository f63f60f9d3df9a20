// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/record/recording.h"

#include "sim/formats/result_json.h"
#include "sim/formats/scenario_yaml.h"
#include "sim/model/replica_faults.h"
#include "sim/record/recording_writer.h"
#include "sim/record/secret_mask.h"
#include "sim/record/sqlite_connection.h"
#include "tests/support/folder.h"
#include "tests/support/scenarios.h"

#include <doctest/doctest.h>
#include <sstream>

using namespace stickyscope;
using namespace stickyscope::record;
using namespace stickyscope::test;
using namespace std::chrono_literals;

namespace {

std::shared_ptr<RecordingWriter> writerFor(const std::filesystem::path& path,
                                           const std::shared_ptr<const Scenario>& scenario)
{
    const auto writer = RecordingWriter::create(
        path,
        {.scenario = *scenario, .world = "virtual", .stickyCookies = stickyCookiesOf(*scenario)});
    CAPTURE(writer.error());
    REQUIRE(writer);
    return *writer;
}

std::shared_ptr<const Recording> opened(const std::filesystem::path& path)
{
    const auto recording = Recording::open(path);
    CAPTURE(recording.error());
    REQUIRE(recording);
    return *recording;
}

std::string errorOf(const std::filesystem::path& path)
{
    const auto recording = Recording::open(path);
    return recording ? "" : recording.error().substr(path.string().size() + 2);
}

std::string contents(const std::filesystem::path& path)
{
    std::ostringstream text;
    text << std::ifstream(path, std::ios::binary).rdbuf();
    return text.str();
}

void overwrite(const std::filesystem::path& path, std::streamoff at, const std::string& octets)
{
    std::fstream file(path, std::ios::binary | std::ios::in | std::ios::out);
    file.seekp(at);
    file << octets;
}

/// A whole run, recorded.
ExperimentResult recordRun(const std::filesystem::path& path,
                           const std::shared_ptr<const Scenario>& scenario, Duration length)
{
    const auto writer = writerFor(path, scenario);
    Experiment experiment = makeVirtualExperiment(scenario, {.trace = true, .recording = writer});
    while (experiment.now() < Instant(length))
        experiment.advance(100ms);
    ExperimentResult result = experiment.result();
    CHECK(writer->finish(result.trace).empty());
    return result;
}

ExperimentResult play(const std::shared_ptr<const Recording>& recording,
                      const ExperimentOptions& options, Duration slice = 1s)
{
    Experiment experiment = makeRecordedExperiment(recording, options);
    while (!experiment.finished())
        experiment.advance(slice);
    return experiment.result();
}

} // namespace

TEST_CASE("A recording played gives the document of the run that made it, and its digest")
{
    const Folder folder;
    const auto path = folder.path() / "a.stickyscope";
    for (const char* name : {"three-replicas.sticky.yaml", "redispatch.sticky.yaml",
                             "websocket-reconnects.sticky.yaml"}) {
        CAPTURE(name);
        const auto scenario = shipped(name);
        const ExperimentResult run = recordRun(path, scenario, scenario->duration);
        const auto recording = opened(path);
        CHECK(recording->trace() == run.trace);
        CHECK(recording->world() == "virtual");
        CHECK(toJson(play(recording, {.trace = true})) == toJson(run));
        CHECK(toJson(play(recording, {.trace = true}, 3ms)) == toJson(run));
        CHECK(recording->scenario()->replicas == scenario->replicas);
        CHECK(recording->scenario()->timeline == scenario->timeline);
        CHECK(recording->scenario()->lanes == scenario->lanes);
        // One plain file, which nothing needs to stand beside.
        CHECK_FALSE(std::filesystem::exists(path.string() + "-wal"));
    }
}

TEST_CASE("The pictures of a recording are those of the run, and a copy goes its own way")
{
    const Folder folder;
    const auto path = folder.path() / "a.stickyscope";
    const auto scenario = shipped("three-replicas.sticky.yaml");
    recordRun(path, scenario, scenario->duration);
    const auto pictured = [&](Experiment experiment) {
        experiment.advance(33s);
        return experiment;
    };
    const Experiment run = pictured(makeVirtualExperiment(scenario, {.history = true}));
    Experiment played = pictured(makeRecordedExperiment(opened(path), {.history = true}));
    const auto expected = run.snapshot();
    const auto snapshot = played.snapshot();
    auto copy = played.clone();
    REQUIRE(copy);
    copy->advance(1h);
    played.advance(1h);
    CHECK(toJson(copy->result()) == toJson(played.result()));
    REQUIRE(snapshot->lanes.size() == 2);
    for (std::size_t lane = 0; lane < 2; ++lane) {
        CHECK(snapshot->lanes[lane].flights.size() == expected->lanes[lane].flights.size());
        CHECK(snapshot->lanes[lane].share.size() == expected->lanes[lane].share.size());
        CHECK(snapshot->lanes[lane].marks.size() == 1);
        CHECK(snapshot->lanes[lane].rules == expected->lanes[lane].rules);
        CHECK(snapshot->lanes[lane].cast->balancer == "Traefik");
    }
}

TEST_CASE("A run that was interrupted is recorded as far as it came, with what was done by hand")
{
    const Folder folder;
    const auto path = folder.path() / "a.stickyscope";
    const auto scenario = shipped("three-replicas.sticky.yaml");
    const auto writer = writerFor(path, scenario);
    Experiment experiment = makeVirtualExperiment(scenario, {.recording = writer});
    experiment.advance(5s);
    const Intervention stop {.kind = Intervention::Kind::stopReplica, .replica = ReplicaIndex {2}};
    experiment.apply(stop);
    experiment.advance(2500ms);
    CHECK(writer->finish({}).empty());
    const auto recording = opened(path);
    CHECK(recording->scenario()->duration == 7500ms);
    REQUIRE(recording->byHand().size() == 1);
    CHECK(recording->byHand()[0] == TimelineEntry {5s, stop});
    CHECK_FALSE(recording->trace());
    CHECK(toJson(play(recording, {})) == toJson(experiment.result()));
}

TEST_CASE("What was done by hand is kept with its figures")
{
    const Folder folder;
    const auto path = folder.path() / "a.stickyscope";
    const auto scenario = shipped("three-replicas.sticky.yaml");
    const auto writer = writerFor(path, scenario);
    Experiment experiment = makeVirtualExperiment(scenario, {.recording = writer});
    std::vector<Intervention> all;
    for (const ReplicaFault& row : replicaFaults()) {
        all.push_back(suggestedFault(row));
        all.back().replica = ReplicaIndex {1};
        all.push_back(endOf(row.kind, ReplicaIndex {1}));
    }
    all.push_back({.kind = Intervention::Kind::shareCookies,
                   .client = ClientIndex {2},
                   .from = ClientIndex {0}});
    all.push_back({.kind = Intervention::Kind::swapCookies,
                   .client = ClientIndex {2},
                   .from = ClientIndex {0}});
    all.push_back({.kind = Intervention::Kind::restartBalancer});
    all.push_back(
        {.kind = Intervention::Kind::setWeight, .replica = ReplicaIndex {1}, .amount = 3});
    for (const Intervention& one : all) {
        experiment.advance(100ms);
        experiment.apply(one);
    }
    experiment.advance(1s);
    CHECK(writer->finish({}).empty());
    const auto recording = opened(path);
    REQUIRE(recording->byHand().size() == all.size());
    for (std::size_t place = 0; place < all.size(); ++place)
        CHECK(recording->byHand()[place].intervention == all[place]);
}

TEST_CASE("A recording shows what was wrong with each server, in each lane, and for how long")
{
    const Folder folder;
    const auto path = folder.path() / "a.stickyscope";
    const auto read = readScenario(R"(
version: 1
replicas:
  - {name: a, faults: {slow-start: {times: 3, for: 4s}, latency: {add: 100ms}}}
  - {name: b}
balancer: {product: traefik, sticky: {cookie: who}}
clients: [{name: c, kind: browser, count: 3, think-time: 200ms}]
lanes:
  - {name: one}
  - name: other
    with: {timeline: [{at: 2s, flood: {of: b, connections: 5}}]}
timeline:
  - {at: 1s, latency: {of: b, add: 200ms, for: 3s}}
  - {at: 2s, pause: all}
  - {at: 3s, resume: a}
  - {at: 5s, crash: {of: a, for: 2s}}
  - {at: 8s, mend: {of: a, fault: slow-start}}
  - {at: 9s, stop: b}
  - {at: 10s, mend: all}
  - {at: 11s, start: b}
duration: 14s
)",
                                   "faults");
    CAPTURE(read.error());
    REQUIRE(read);
    const auto scenario = std::make_shared<const Scenario>(*read);
    const auto writer = writerFor(path, scenario);
    Experiment run = makeVirtualExperiment(scenario, {.history = true, .recording = writer});
    const auto faultsOf = [](const Experiment& experiment) {
        std::vector<std::vector<Intervention>> all;
        const auto snapshot = experiment.snapshot();
        for (const LaneSnapshot& lane : snapshot->lanes) {
            for (const ReplicaPicture& replica : lane.replicas)
                all.push_back(replica.faults);
        }
        return all;
    };
    std::vector<std::vector<std::vector<Intervention>>> seen;
    while (!run.finished()) {
        run.advance(500ms);
        if (run.now() == Instant(12s))
            run.apply(
                {.kind = Intervention::Kind::blackHole, .replica = ReplicaIndex {1}, .lasts = 1s});
        else
            seen.push_back(faultsOf(run));
    }
    CHECK(writer->finish({}).empty());
    Experiment played = makeRecordedExperiment(opened(path), {.history = true});
    std::size_t some = 0;
    for (std::size_t place = 0; !played.finished();) {
        played.advance(500ms);
        if (played.now() == Instant(12s))
            continue;
        CAPTURE(place);
        REQUIRE(place < seen.size());
        CHECK(faultsOf(played) == seen[place]);
        for (const auto& faults : seen[place++])
            some += faults.size();
    }
    CHECK(some > 60);
}

TEST_CASE("A recording of the first format is read as it was")
{
    const Folder folder;
    const auto path = folder.path() / "a.stickyscope";
    const auto scenario = shipped("three-replicas.sticky.yaml");
    const ExperimentResult run = recordRun(path, scenario, 5s);
    {
        SqliteConnection older(path, SqliteConnection::Access::readAndWrite);
        for (const char* table : {"intervention_settings", "balancers", "servers"})
            CHECK(older.run(QStringLiteral("DROP TABLE %1").arg(QLatin1String(table))));
        CHECK(older.run(QStringLiteral("PRAGMA user_version = 1")));
    }
    CHECK(toJson(play(opened(path), {.trace = true})) == toJson(run));
}

TEST_CASE("What was committed before a kill can be played")
{
    const Folder folder;
    const auto path = folder.path() / "a.stickyscope";
    const auto scenario = shipped("three-replicas.sticky.yaml");
    const auto writer = writerFor(path, scenario);
    Experiment experiment = makeVirtualExperiment(scenario, {.recording = writer});
    experiment.advance(10s);
    // What a kill leaves: the file and its log, as they are on the disk while the writer lives.
    const auto left = folder.path() / "killed.stickyscope";
    const auto deadline = std::chrono::steady_clock::now() + 60s;
    std::shared_ptr<const Recording> recording;
    while (!recording || recording->scenario()->duration < 10s) {
        REQUIRE(std::chrono::steady_clock::now() < deadline);
        // The log comes with the first of what is committed.
        if (!std::filesystem::exists(path.string() + "-wal"))
            continue;
        for (const char* beside : {"", "-wal"})
            std::filesystem::copy_file(path.string() + beside, left.string() + beside,
                                       std::filesystem::copy_options::overwrite_existing);
        std::filesystem::remove(left.string() + "-shm");
        recording = opened(left);
    }
    CHECK(toJson(play(recording, {})) == toJson(experiment.result()));
}

TEST_CASE("No planted secret is in the octets of a recording, and all else is")
{
    class Planted final : public World
    {
    public:
        Planted()
        {
            m_cast.replicas = {"a"};
            m_cast.clients = {"x"};
            m_cast.clientKinds = {"browser"};
            m_cast.notice = "kept-notice";
            m_cast.stickyWithheld = true;
            m_cast.decisionsVisible = false;
        }
        const Cast& cast() const override { return m_cast; }
        const TextTable& texts() const override { return m_texts; }
        void advance(Instant until, ObservationSink& sink) override
        {
            std::vector<Observation> all(3);
            for (Observation& one : all) {
                one.at = until;
                one.client = ClientIndex {0};
                one.replica = ReplicaIndex {0};
            }
            all[0].cookie = m_texts.intern("sid=tango-7; lb=kept-cookie; other=\"tango-7\"");
            all[1].kind = ObservationKind::answered;
            all[1].cookie = m_texts.intern("sid=tango-7; Path=/kept-path; HttpOnly");
            all[2].kind = ObservationKind::failed;
            all[2].cookie = m_texts.intern("lb=kept-cookie; Path=/");
            all[2].rule = m_texts.intern("kept-rule");
            sink.observe(all);
        }
        InterventionSet can() const override { return {}; }
        void apply(const Intervention&) override { }
        void renameReplica(ReplicaIndex replica, const std::string& name) override
        {
            m_cast.replicas[raw(replica)] = name;
        }
        Instant nextEvent() const override { return Instant::max(); }
        std::unique_ptr<World> clone() const override { return nullptr; }

    private:
        Cast m_cast;
        TextTable m_texts;
    };

    const Folder folder;
    const auto path = folder.path() / "a.stickyscope";
    const auto scenario = scenarioFrom(R"(
version: 1
origin: http://tango-7:tango-7@app.example/
target: http://app.example/?token=tango-7&sig=tango-7
replicas: [{name: a}]
balancer: {product: traefik, sticky: {cookie: lb}}
clients: [{name: x, kind: browser, path: "/?key=tango-7&password=tango-7", headers: {Authorization: tango-7, Proxy-Authorization: tango-7, X-Api-Key: tango-7, Cookie: "sid=tango-7"}}]
lanes: [{name: "on"}]
)");
    std::vector<std::unique_ptr<World>> worlds;
    worlds.push_back(std::make_unique<Planted>());
    auto writer = writerFor(path, scenario);
    Experiment experiment(scenario, std::move(worlds), "live", {.recording = writer});
    experiment.advance(1s);
    experiment.renameReplica(ReplicaIndex {0}, "kept-name");
    CHECK(writer->finish({}).empty());
    const std::string octets = contents(path);
    CHECK(octets.find("tango") == std::string::npos);
    for (const char* kept : {"kept-cookie", "kept-path", "kept-rule"})
        CHECK(octets.find(kept) != std::string::npos);
    const auto recording = opened(path);
    Recorder recorder;
    std::int64_t last = 0;
    const auto all = recording->read(0, last, 100);
    REQUIRE(all.size() == 3);
    // Equal secrets are still equal.
    const std::string sent = recording->texts(0).text(all[0].cookie);
    const std::string set = recording->texts(0).text(all[1].cookie);
    CHECK(sent.substr(0, sent.find(';')) == set.substr(0, set.find(';')));
    CHECK(recording->texts(0).text(all[2].rule) == "kept-rule");
    CHECK(recording->cast(0).replicas == std::vector<std::string> {"kept-name"});
    CHECK(recording->cast(0).notice == "kept-notice");
    CHECK(recording->cast(0).stickyWithheld);
    CHECK_FALSE(recording->cast(0).decisionsVisible);
    CHECK(recording->cast(0).sessionsVisible);
}

TEST_CASE("A file that is no recording is neither read nor replaced; a recording is replaced")
{
    const Folder folder;
    const auto path = folder.path() / "a.stickyscope";
    const auto scenario = shipped("redispatch.sticky.yaml");
    CHECK(errorOf(path) == "there is no such file");
    for (const std::string& other :
         {std::string(), std::string("version: 1\n"), std::string("SQLite format 3\0", 16)}) {
        folder.write("a.stickyscope", other);
        CHECK(errorOf(path) == "this is not a recording");
        const auto refused = RecordingWriter::create(path, {.scenario = *scenario});
        CHECK_FALSE(refused);
        CHECK(refused.error().find("a file that is no recording is there") != std::string::npos);
        CHECK(contents(path) == other);
    }
    std::filesystem::remove(path);
    recordRun(path, scenario, 1s);
    CHECK(opened(path)->scenario()->duration == 1s);
    // A log that a kill has left is not taken for the new file's.
    folder.write("a.stickyscope-wal", "left");
    recordRun(path, scenario, 2s);
    CHECK(opened(path)->scenario()->duration == 2s);
    CHECK_FALSE(RecordingWriter::create(folder.path() / "no" / "a", {.scenario = *scenario}));
}

TEST_CASE("A recording of a newer format, or a damaged one, is said in one line")
{
    const Folder folder;
    const auto path = folder.path() / "a.stickyscope";
    const auto scenario = shipped("redispatch.sticky.yaml");
    recordRun(path, scenario, 20s);
    const std::string good = contents(path);
    overwrite(path, 60, std::string("\0\0\0\x09", 4));
    CHECK(errorOf(path) == "the recording is of a newer format (9); this program reads 2");

    // Octets changed, and ends cut off, all over the file: never a crash, and always one line.
    int damaged = 0;
    for (std::size_t place = 100; place < good.size(); place += good.size() / 97) {
        folder.write("a.stickyscope", good);
        overwrite(path, static_cast<std::streamoff>(place), "\xff\x00\xa5\xff");
        const auto recording = Recording::open(path);
        if (recording)
            toJson(play(*recording, {.history = true}));
        else
            CHECK(recording.error().find('\n') == std::string::npos);
        damaged += recording ? 0 : 1;
        folder.write("a.stickyscope", good.substr(0, place));
        CHECK_FALSE(Recording::open(path));
    }
    CHECK(damaged > 20);
    folder.write("a.stickyscope", good);
    CHECK(opened(path));
}
