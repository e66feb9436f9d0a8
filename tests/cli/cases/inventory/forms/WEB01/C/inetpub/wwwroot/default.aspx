<%@ Page %>
