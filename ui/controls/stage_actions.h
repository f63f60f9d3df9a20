// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/model/ids.h"

#include <QObject>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>

class QMenu;
class QPoint;
class QWidget;

namespace stickyscope {

class ExperimentSession;
class ExplanationDialog;
class RequestExplainer;
struct Intervention;
struct ModelRun;

/// What a person does to a replica, balancer or client on stage: by click, by key, by menu. What
/// the world can do happens; a real replica is its owner's to stop, so there the line for it is
/// offered.
class StageActions : public QObject
{
    Q_OBJECT

public:
    StageActions(ExperimentSession& session, QWidget* parent);
    ~StageActions() override;

    void toggleReplica(ReplicaIndex replica, bool run);
    void showReplicaMenu(ReplicaIndex replica, const QPoint& place);
    /// `balancer`: its place in the lane's cast; 0 where there is one.
    void showBalancerMenu(std::size_t balancer, const QPoint& place, LaneIndex of);
    void showClientMenu(ClientIndex client, const QPoint& place, LaneIndex of);
    /// Its sticky cookie is dragged onto another client, or off (noClient).
    void dropCookie(ClientIndex of, ClientIndex onto);
    /// Shows one request beside the window; the experiment goes on. The model is asked once more;
    /// of the rest the record tells what it knows.
    void explain(LaneIndex lane, ClientIndex client, std::uint32_t ordinal);
    void rename(ReplicaIndex replica);

private:
    void tellOfRecord(LaneIndex lane, ClientIndex client, std::uint32_t ordinal);
    ExplanationDialog& explanation();
    std::optional<std::uint32_t> lastAnswerOf(LaneIndex lane, ClientIndex client);
    QMenu* makeMenu(const char* name, const QString& of);
    std::function<void(const Intervention&)> asking();

    ExperimentSession& m_session;
    QWidget* m_window; ///< menus and dialogs belong to it
    RequestExplainer* m_explainer;
    ExplanationDialog* m_explanation = nullptr; ///< made when first asked for
    std::unique_ptr<ModelRun> m_explained; ///< the run that it looks back at
};

} // namespace stickyscope
