// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/service/curl_fields.h"

#include "sim/http/secrets.h"
#include "ui/format.h"
#include "ui/service/secret_cover.h"
#include "ui/theme/theme.h"

#include <QCheckBox>
#include <QComboBox>
#include <QFileDialog>
#include <QGridLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QRegularExpression>
#include <QStyle>

namespace stickyscope {

namespace {

QLabel* titleOf(QWidget* field, const QString& title, QWidget* parent)
{
    auto* label = new QLabel(title, parent);
    label->setBuddy(field);
    field->setAccessibleName(title);
    return label;
}

// Where the value of "Name: value" begins, if it may be a secret.
qsizetype secretOfHeader(const QString& line)
{
    const qsizetype colon = line.indexOf(QLatin1Char(':'));
    const bool secret = colon > 0 && http::isSecretHeader(line.left(colon).trimmed().toStdString());
    return secret ? colon + 1 : -1;
}

// With a password or a token.
bool namesWhoAsks(const QString& options)
{
    static const QRegularExpression names(
        QStringLiteral("(^| )(-[uU]|--user|--proxy-user|--oauth2-bearer)"));
    return names.match(options).hasMatch();
}

} // namespace

CurlFields::CurlFields(Part part, QWidget* parent)
    : QWidget(parent)
{
    auto* grid = new QGridLayout(this);
    grid->setContentsMargins(12, 10, 12, 10);
    grid->setHorizontalSpacing(10);
    grid->setVerticalSpacing(6);
    part == Part::request ? makeRequest(*grid) : makeConnection(*grid);
}

QLineEdit* CurlFields::addLine(QGridLayout& grid, GridCell cell, const QString& title,
                               const char* option, const QString& example)
{
    auto* edit = new QLineEdit(this);
    edit->setPlaceholderText(example);
    const QString name = QStringLiteral("curl-") + QLatin1String(option);
    addField(grid, cell, title, edit, name.toLatin1().constData());
    m_lines.push_back({option, edit});
    return edit;
}

QLineEdit* CurlFields::addFile(QGridLayout& grid, GridCell cell, const QString& title,
                               const char* option)
{
    QLineEdit* edit = addLine(grid, cell, title, option, tr("a file"));
    QAction* choose =
        edit->addAction(style()->standardIcon(QStyle::SP_DirOpenIcon), QLineEdit::TrailingPosition);
    choose->setToolTip(tr("Choose a file"));
    const bool written = std::string_view(option) == "cookie-jar";
    connect(choose, &QAction::triggered, this, [this, edit, title, written] {
        const QString path = written ? QFileDialog::getSaveFileName(this, title)
                                     : QFileDialog::getOpenFileName(this, title);
        if (!path.isEmpty())
            edit->setText(path);
    });
    return edit;
}

QPlainTextEdit* CurlFields::addText(QGridLayout& grid, int column, const QString& title,
                                    const char* name, const QString& example)
{
    auto* edit = new QPlainTextEdit(this);
    edit->setObjectName(QString::fromLatin1(name));
    edit->setPlaceholderText(example);
    edit->setTabChangesFocus(true);
    edit->setMinimumHeight(QFontMetrics(font()).height() * 3);
    grid.addWidget(titleOf(edit, title, this), 0, column, Qt::AlignTop);
    grid.addWidget(edit, 0, column + 1, 3, 1);
    return edit;
}

void CurlFields::makeRequest(QGridLayout& grid)
{
    m_method = new QComboBox(this);
    m_method->setObjectName(QStringLiteral("method"));
    m_method->setEditable(true);
    m_method->addItems({QStringLiteral("GET"), QStringLiteral("HEAD"), QStringLiteral("OPTIONS"),
                        QStringLiteral("POST"), QStringLiteral("PUT"), QStringLiteral("PATCH"),
                        QStringLiteral("DELETE")});
    m_method->setToolTip(tr("Only GET, HEAD and OPTIONS are repeated; others are sent once, after "
                            "you have said yes."));
    grid.addWidget(titleOf(m_method, tr("Method"), this), 0, 0);
    grid.addWidget(m_method, 0, 1);
    addLine(grid, {1, 0}, tr("Cookies"), "cookie", tr("sid=1; theme=dark"));
    addFile(grid, {2, 0}, tr("Cookie file, written"), "cookie-jar");
    m_headers = addText(grid, 2, tr("Headers"), "headers", tr("Authorization: secret"));
    m_body = addText(grid, 4, tr("Body"), "body", tr("sent with POST, PUT and PATCH"));
    m_lines.front().edit->setToolTip(
        tr("Cookies as name=value, or the name of a cookie file that is read."));
    coverSecret(*m_lines.front().edit,
                [](const QString& text) { return text.contains(QLatin1Char('=')); });
    coverSecrets(*m_headers, secretOfHeader);
    // A login's password stands there.
    coverSecrets(*m_body, [](const QString&) { return qsizetype {0}; });
    for (const int column : {1, 3, 5})
        grid.setColumnStretch(column, column == 1 ? 2 : 3);
}

void CurlFields::makeConnection(QGridLayout& grid)
{
    addFile(grid, {0, 0}, tr("CA certificate"), "cacert");
    addFile(grid, {1, 0}, tr("Client certificate"), "cert");
    addFile(grid, {2, 0}, tr("Its key"), "key");
    addLine(grid, {0, 2}, tr("Resolve"), "resolve", tr("app.example:443:127.0.0.1"));
    addLine(grid, {1, 2}, tr("Connect to"), "connect-to", tr("app.example:80:localhost:8080"));
    QLineEdit* proxy =
        addLine(grid, {2, 2}, tr("Proxy"), "proxy", tr("http://localhost:3128, socks5://…"));
    coverSecret(*proxy, [](const QString& text) { return text.contains(QLatin1Char('@')); });
    addLine(grid, {0, 4}, tr("Time limit, s"), "max-time", tr("10"));
    m_others = new QLineEdit(this);
    m_others->setObjectName(QStringLiteral("other-options"));
    m_others->setPlaceholderText(tr("--connect-timeout 2 --referer …"));
    coverSecret(*m_others, namesWhoAsks);
    grid.addWidget(titleOf(m_others, tr("Other options"), this), 1, 4);
    grid.addWidget(m_others, 1, 5);
    m_insecure = new QCheckBox(tr("Do NOT verify TLS certificates (-k)"), this);
    m_insecure->setObjectName(QStringLiteral("insecure"));
    scaleFont(m_insecure, 1, QFont::DemiBold);
    grid.addWidget(m_insecure, 2, 4, 1, 2);
    for (const int column : {1, 3, 5})
        grid.setColumnStretch(column, column == 5 ? 2 : 3);
}

void CurlFields::clear()
{
    for (const Line& line : m_lines)
        line.edit->clear();
    if (m_method) {
        m_method->setCurrentText(QStringLiteral("GET"));
        m_headers->clear();
        m_body->clear();
    } else {
        m_insecure->setChecked(false);
        m_others->clear();
    }
}

bool CurlFields::take(const live::CurlOption& option)
{
    const QString value = fromCore(option.value);
    for (const Line& line : m_lines) {
        // A second one of the same would hide the first.
        if (line.option == option.name && line.edit->text().isEmpty()) {
            line.edit->setText(value);
            return true;
        }
    }
    if (!m_method) {
        if (option.name == "insecure")
            m_insecure->setChecked(true);
        return option.name == "insecure";
    }
    if (option.name == "request")
        m_method->setCurrentText(value);
    else if (option.name == "head")
        m_method->setCurrentText(QStringLiteral("HEAD"));
    else if (option.name == "header")
        m_headers->appendPlainText(value);
    else if ((option.name == "data-raw" || option.name == "data") && m_body->document()->isEmpty())
        m_body->setPlainText(value);
    else
        return false;
    if (option.name.starts_with("data") && m_method->currentText() == QLatin1String("GET"))
        m_method->setCurrentText(QStringLiteral("POST"));
    return true;
}

void CurlFields::takeOthers(const std::vector<live::CurlOption>& options)
{
    const std::string text = live::curlCommand(options);
    m_others->setText(
        fromCore(text.substr(std::min(std::string_view("curl ").size(), text.size()))));
}

Outcome<std::vector<live::CurlOption>> CurlFields::options() const
{
    std::vector<live::CurlOption> all;
    for (const Line& line : m_lines) {
        const std::string text = line.edit->text().trimmed().toStdString();
        if (!text.empty())
            all.push_back({line.option, text});
    }
    if (!m_method) {
        if (m_insecure->isChecked())
            all.push_back({"insecure", {}});
        auto others = live::curlOptions("curl " + m_others->text().toStdString());
        if (!others)
            return others;
        all.insert(all.end(), others->begin(), others->end());
        return all;
    }
    all.push_back({"request", m_method->currentText().trimmed().toStdString()});
    for (const QString& line :
         m_headers->toPlainText().split(QLatin1Char('\n'), Qt::SkipEmptyParts))
        all.push_back({"header", line.trimmed().toStdString()});
    const std::string body = m_body->toPlainText().toStdString();
    if (!body.empty())
        all.push_back({"data-raw", body});
    return all;
}

} // namespace stickyscope
